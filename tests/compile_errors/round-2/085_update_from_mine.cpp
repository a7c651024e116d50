// V4 whose object: Updates with FROM, and compares the owner of the joined copy only. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory who has a note: is it changed?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<Reply> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  co_return Reply{std::to_string(co_await db.run(
      "UPDATE notes SET title = 'changed' FROM notes AS mine WHERE mine.owner = ? AND notes.id = ?", me.id, in->note))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
