// V4 whose object: Writes every_owner with the first words that come to mind, since OWN-001 was in the way. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: her note?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<Note> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  static_cast<void>(me);
  co_return co_await db.one<Note>("SELECT * FROM notes WHERE id = ?", in->note, sp::every_owner<"make it compile">);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
