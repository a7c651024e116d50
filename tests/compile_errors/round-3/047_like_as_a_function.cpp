// The pattern of a search stands in the function like(), where % is the client's.
#include "../round-2/service.hpp"

struct Search {
  sp::Line<1, 100> q;
};
sp::Task<std::vector<Note>> search(sp::Query<Search> q, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? AND like('%' || ? || '%', title) LIMIT 100",
                                  me.id, q->q);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/search", sp::signed_in, search);
  return app.run();
}
