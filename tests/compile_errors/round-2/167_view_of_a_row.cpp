// lifetimes: Keeps a string_view of a row that is gone at the semicolon. Should happen: does not compile.
// Request: GET /last as a user with a long title: the title?
#include "service.hpp"

sp::Task<Reply> last(sp::SignedIn me, const sp::Db& db) {
  const std::string_view title = (co_await db.one<Note>("SELECT * FROM notes WHERE owner = ? LIMIT 1", me.id)).title;
  co_return Reply{std::string(title)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/last", sp::signed_in, last);
  return app.run();
}
