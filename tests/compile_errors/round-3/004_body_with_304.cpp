// "nothing new" is answered with 304 and a body.
#include "../round-2/service.hpp"

struct Since {
  sp::Maybe<std::int64_t> since;
};
sp::Task<sp::Response> changes(sp::Query<Since> q, sp::SignedIn me, const sp::Db& db) {
  const auto count = co_await db.one<std::int64_t>("SELECT count(*) FROM notes WHERE owner = ?", me.id);
  if (count <= q->since.value_or(0)) co_return sp::Response::text("nothing has changed", 304);
  co_return sp::Response::json(Reply{std::to_string(count)});
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/changes", sp::signed_in, changes);
  return app.run();
}
