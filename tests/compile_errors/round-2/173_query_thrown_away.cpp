// lifetimes: Calls run as a statement, without co_await. Should happen: does not compile.
// Request: POST /forget as Alice: 204, and the notes are still there
#include "service.hpp"

sp::Task<sp::NoContent> forget(sp::SignedIn me, sp::Db& db) {
  db.run("DELETE FROM notes WHERE owner = ?", me.id);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/forget", sp::signed_in, forget);
  return app.run();
}
