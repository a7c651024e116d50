// lifetimes: Makes a SignedIn by bit_cast, for tests. Should happen: does not compile.
// Request: GET /as?user=<id of Alice> without a session: her notes?
#include "service.hpp"

#include <bit>

struct As {
  sp::Line<22, 22> user;
};
struct Parts {
  sp::Id<sp::User> id;
  std::string_view name, email, role;
};
sp::Task<std::vector<Note>> as(sp::Query<As> q, const sp::Db& db) {
  const auto me = std::bit_cast<sp::SignedIn>(Parts{*sp::Id<sp::User>::parse(q->user.view()), "x", "x", "admin"});
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/as", sp::anyone("a helper for tests"), as);
  return app.run();
}
