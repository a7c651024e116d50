// lifetimes: Collects tasks in a vector, as for Promise.all, and forgets to await them. Should happen: does not compile.
// Request: POST /forget as Alice: 204, and the notes are still there
#include "service.hpp"

sp::Task<void> remove(sp::Db& db, sp::Id<sp::User> owner) {
  co_await db.run("DELETE FROM notes WHERE owner = ?", owner);
}
sp::Task<sp::NoContent> forget(sp::SignedIn me, sp::Db& db) {
  std::vector<sp::Task<void>> all;
  all.push_back(remove(db, me.id));
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/forget", sp::signed_in, forget);
  return app.run();
}
