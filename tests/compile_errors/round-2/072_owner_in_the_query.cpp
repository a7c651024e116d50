// V4 whose object: Filters a list by the owner that the query names, and by oneself if there is none. Should happen: does not compile.
// Request: GET /look?owner=<id of Alice> as Mallory
#include "service.hpp"

struct Filter {
  std::optional<sp::Id<sp::User>> owner;
};
sp::Task<std::vector<Note>> look(sp::Query<Filter> q, sp::SignedIn me, const sp::Db& db) {
  const sp::Id<sp::User> owner = q->owner.value_or(me.id);
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", owner);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
