// The owner is one of several filters that may be left out.
#include "../round-2/service.hpp"

struct Filter {
  sp::Maybe<bool> mine;
  sp::Maybe<sp::Line<1, 100>> title;
};
sp::Task<std::vector<Note>> list(sp::Query<Filter> q, sp::SignedIn me, const sp::Db& db) {
  std::optional<sp::OwnedId<sp::User>> owner;
  if (q->mine.value_or(true)) owner = me.id;
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ifnull(?, owner) AND title = ifnull(?, title)",
                                  owner, q->title);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes", sp::signed_in, list);
  return app.run();
}
