// V4 whose object: Filters by the owner if there is one, in one query for both cases. Should happen: does not compile.
// Request: GET /look without a session: all notes?
#include "service.hpp"

sp::Task<std::vector<Note>> look(sp::Maybe<sp::SignedIn> me, const sp::Db& db) {
  const std::optional<sp::Id<sp::User>> who = me ? std::optional(me->id) : std::nullopt;
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = coalesce(?, owner)", who);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::anyone("ours and everybody's"), look);
  return app.run();
}
