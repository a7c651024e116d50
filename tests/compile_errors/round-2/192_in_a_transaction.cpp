// V4 whose object: Renames the note of the body within a transaction. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: renamed?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<Reply> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  co_return Reply{std::to_string(co_await db.transaction([&](sp::Transaction& tx) {
    static_cast<void>(me);
    return tx.run("UPDATE notes SET title = 'renamed' WHERE id = ?", in->note);
  }))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
