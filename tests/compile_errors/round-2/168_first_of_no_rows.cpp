// lifetimes: Takes the first of all rows, of which there are none. Should happen: is neutralised.
// Request: GET /last as a user without notes: does the process live?
#include "service.hpp"

sp::Task<Reply> last(sp::SignedIn me, const sp::Db& db) {
  const auto notes = co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? LIMIT 1", me.id);
  co_return Reply{notes.front().title};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/last", sp::signed_in, last);
  return app.run();
}
