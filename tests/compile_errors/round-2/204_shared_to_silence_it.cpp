// V4 whose object: Writes sp::shared with the first words that come to mind, since the check of the route was in the way. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: her note?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<Note> look(sp::Body<Which> in, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.one<Note>("SELECT * FROM notes WHERE id = ?", in->note);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, sp::shared<Note>("make it compile"), look);
  return app.run();
}
