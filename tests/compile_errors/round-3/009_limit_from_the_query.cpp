// The LIMIT comes from the query as it is, and -1 means all rows.
#include "../round-2/service.hpp"

struct Paging {
  sp::Maybe<std::int32_t> limit;
  sp::Maybe<std::int32_t> offset;
};
sp::Task<std::vector<Note>> list(sp::Query<Paging> q, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? ORDER BY title LIMIT ? OFFSET ?", me.id,
                                  q->limit.value_or(20), q->offset.value_or(0));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes", sp::signed_in, list);
  return app.run();
}
