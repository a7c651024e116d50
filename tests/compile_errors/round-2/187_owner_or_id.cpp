// V4 whose object: Finds notes by owner or by id, in parentheses. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: her note?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<std::vector<Note>> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE (owner = ? OR id = ?)", me.id, in->note);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
