// V4 whose object: Reads notes through a view of the database that leaves out the owner. Should happen: refuses to start or is refused.
// Request: GET /look as Mallory: are there notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Reply>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Reply>("SELECT title AS text FROM recent");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIEW recent AS SELECT title, body FROM notes"});
  app.get("/look", sp::signed_in, look);
  return app.run();
}
