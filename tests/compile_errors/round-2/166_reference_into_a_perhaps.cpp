// lifetimes: Binds a reference to what maybe found, which is gone at the semicolon. Should happen: does not compile.
// Request: GET /last as a user with a long title: the title?
#include "service.hpp"

sp::Task<Reply> last(sp::SignedIn me, const sp::Db& db) {
  const Note& note = *co_await db.maybe<Note>("SELECT * FROM notes WHERE owner = ? LIMIT 1", me.id);
  co_return Reply{note.title};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/last", sp::signed_in, last);
  return app.run();
}
