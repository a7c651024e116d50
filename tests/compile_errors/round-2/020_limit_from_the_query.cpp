// M3 body: Takes LIMIT from the query as an int: -1 is everything. Should happen: is neutralised.
// Request: GET /mine?count=-1 with 10,001 rows: all of them?
#include "service.hpp"

struct Count {
  int count;
};
sp::Task<std::vector<Note>> mine(sp::Query<Count> q, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? LIMIT ?", me.id, q->count);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/mine", sp::signed_in, mine);
  return app.run();
}
