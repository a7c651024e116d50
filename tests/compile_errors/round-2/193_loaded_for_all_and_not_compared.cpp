// V4 whose object: Loads a note whoever owns it, compares the owner, and forgets to throw. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: her note?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<Note> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  const Note note =
      co_await db.one<Note>("SELECT * FROM notes WHERE id = ?", in->note, sp::every_owner<"compared in the next line">);
  if (note.owner != me.id) sp::Problem(404, "No such note");
  co_return note;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
