// A common table expression finds my notes, and the query forgets to join with it.
#include "../round-2/service.hpp"

sp::Task<std::vector<Note>> list(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>(
      "WITH mine AS (SELECT id FROM notes WHERE owner = ?) SELECT DISTINCT n.* FROM notes AS n, mine LIMIT 20", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes", sp::signed_in, list);
  return app.run();
}
