// V4 whose object: Writes IN with the column itself in the list. Should happen: does not compile.
// Request: GET /look as Mallory: are there notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Note>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner IN (?, owner)", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
