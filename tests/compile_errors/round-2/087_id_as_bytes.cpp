// V4 whose object: Passes the bytes of the id, because the column is a BLOB. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory: gone?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<Reply> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  co_return Reply{std::to_string(co_await db.run("DELETE FROM notes WHERE id = ?", in->note.bytes()))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
