// V3 SQL: Puts percent signs around the user's text in the query. Should happen: does not compile.
#include "service.hpp"

struct Search {
  sp::Line<1, 40> q;
};
sp::Task<std::vector<Note>> find(sp::Query<Search> q, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? AND title LIKE '%' || ? || '%'", me.id, q->q);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/find", sp::signed_in, find);
  return app.run();
}
