// V4 whose object: Joins the table with itself and compares the owner of the other half. Should happen: does not compile.
// Request: GET /look as Mallory who has a note: notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Note>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT n.* FROM notes AS n JOIN notes AS m ON m.body = n.body WHERE m.owner = ?",
                                  me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
