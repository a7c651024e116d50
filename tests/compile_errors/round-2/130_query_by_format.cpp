// V3 SQL: Puts the search text into the query with string concatenation and c_str. Should happen: does not compile.
#include "service.hpp"

struct Search {
  sp::Line<1, 40> q;
};
sp::Task<std::vector<Note>> find(sp::Query<Search> q, sp::SignedIn me, const sp::Db& db) {
  const std::string sql = "SELECT * FROM notes WHERE owner = ? AND title = '" + std::string(q->q.view()) + "'";
  co_return co_await db.all<Note>(sql.c_str(), me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/find", sp::signed_in, find);
  return app.run();
}
