// V4 whose object: Copies a note: INSERT … SELECT with oneself as owner, from the id of the body. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: her text?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<Note> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db.one<Note>(
      "INSERT INTO notes (id, owner, title, body) SELECT ?, ?, title, body FROM notes WHERE id = ? RETURNING *",
      sp::Id<Note>::random(), me.id, in->note);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
