// V4 whose object: Is given its own note by the route, and changes the one of the body. Should happen: does not compile.
// Request: POST /notes/<own note>/merge {"other":"<id of Alice's note>"}: is Alice's note gone?
#include "service.hpp"

struct Merge {
  sp::Id<Note> other;
};
sp::Task<sp::NoContent> look(sp::Owned<Note> note, sp::Body<Merge> in, sp::Db& db) {
  co_await db.run("DELETE FROM notes WHERE id = ?", in->other);
  co_return sp::NoContent{};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/notes/:id/merge", sp::owner<Note>, look);
  return app.run();
}
