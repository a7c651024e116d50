// V4 whose object: Counts the notes with a word, whoever owns them. Should happen: does not compile.
// Request: GET /look?q=secret as Mallory: how many has Alice?
#include "service.hpp"

struct Search {
  sp::Line<1, 40> q;
};
sp::Task<Reply> look(sp::Query<Search> q, sp::SignedIn, const sp::Db& db) {
  co_return Reply{std::to_string(
      co_await db.one<std::int64_t>("SELECT count(*) FROM notes WHERE title LIKE ? ESCAPE '\\'", sp::contains(q->q)))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
