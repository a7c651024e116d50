// lifetimes: Keeps a pointer to what a function found, and the function's answer is gone. Should happen: does not compile.
// Request: GET /last as a user with a long title: the title?
#include "service.hpp"

sp::Task<const Note*> find(sp::Id<sp::User> owner, const sp::Db& db) {
  const auto note = co_await db.maybe<Note>("SELECT * FROM notes WHERE owner = ? LIMIT 1", owner);
  co_return note ? &*note : nullptr;
}
sp::Task<Reply> last(sp::SignedIn me, const sp::Db& db) {
  const Note* note = co_await find(me.id, db);
  if (note == nullptr) throw sp::Problem(404, "No note");
  co_return Reply{note->title};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/last", sp::signed_in, last);
  return app.run();
}
