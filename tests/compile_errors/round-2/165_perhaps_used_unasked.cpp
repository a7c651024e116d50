// lifetimes: Uses what maybe found without asking whether there is a row. Should happen: does not compile or is neutralised.
// Request: GET /last as a user without notes: does the process live?
#include "service.hpp"

sp::Task<Reply> last(sp::SignedIn me, const sp::Db& db) {
  const auto note = co_await db.maybe<Note>("SELECT * FROM notes WHERE owner = ? LIMIT 1", me.id);
  co_return Reply{note->title};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/last", sp::signed_in, last);
  return app.run();
}
