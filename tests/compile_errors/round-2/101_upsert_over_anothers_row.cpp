// V4 whose object: Saves by INSERT … ON CONFLICT DO UPDATE with the id that the client sends. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: is her text overwritten?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<sp::NoContent> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run(
      "INSERT INTO notes (id, owner, title, body) VALUES (?, ?, 'mine', '') ON CONFLICT (id) DO UPDATE SET title = "
      "excluded.title",
      in->note, me.id);
  co_return sp::NoContent{};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
