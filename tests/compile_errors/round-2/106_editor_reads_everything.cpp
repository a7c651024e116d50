// V4 whose object: Lets every editor read any note, and forgets to say so. Should happen: does not compile.
// Request: GET /look/<id> as an editor
#include "service.hpp"

sp::Task<Note> look(sp::Path<"id", sp::Id<Note>> id, const sp::Db& db) {
  co_return co_await db.one<Note>("SELECT * FROM notes WHERE id = ?", *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look/:id", sp::role("editor"), look);
  return app.run();
}
