// V4 whose object: Sorts one's own notes first, and means that the others are not there. Should happen: does not compile.
// Request: GET /look as Mallory: are there notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Note>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes ORDER BY owner = ? DESC LIMIT 50", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
