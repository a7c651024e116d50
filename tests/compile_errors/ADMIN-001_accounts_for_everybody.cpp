// code: ADMIN-001
// cases: 4
// All accounts in the hands of a route that does not ask for a role.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Role {
  sp::Line<0, 20> role;
};
struct Page {
  sp::Maybe<sp::Int<0, 1000>> from;
};

[[maybe_unused]] static sp::Task<sp::NoContent> set_role(sp::Path<"id", sp::Id<sp::User>> id, sp::Body<Role> in,
                                                         sp::AccountsAdmin& accounts) {
  if (!co_await accounts.set_role(*id, std::string(in->role.view()))) throw sp::Problem(404, "No such account");
  co_return {};
}
[[maybe_unused]] static sp::Task<std::vector<sp::User>> list(sp::Query<Page>, const sp::AccountsAdmin& accounts) {
  co_return co_await accounts.list(50);
}

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.put("/users/:id/role", sp::role("admin"), set_role);
  app.get("/users", sp::role("admin"), list);
  app.post("/sign-out-everywhere", sp::signed_in,
           [](sp::CurrentSession session) { return session.sign_out_everywhere(); });
  app.post("/leave", sp::signed_in,
           [](sp::CurrentSession session) { return session.delete_account(sp::Response::see_other("/")); });
#elif CASE == 1
  app.put("/users/:id/role", sp::signed_in, set_role);
#elif CASE == 2
  app.get("/users", sp::anyone("for the test of this rule"), list);
#elif CASE == 3
  app.del(
      "/users/:id", sp::signed_in,
      [](sp::Path<"id", sp::Id<sp::User>> id, sp::SignedIn me, sp::AccountsAdmin& accounts) -> sp::Task<sp::NoContent> {
        if (me.role != "admin") throw sp::Problem(403, "Forbidden");
        static_cast<void>(co_await accounts.remove(*id));
        co_return {};
      });
#elif CASE == 4
  app.post("/users/:id/out", sp::signed_in, [](sp::Path<"id", sp::Id<sp::User>> id, sp::AccountsAdmin& accounts) {
    return [](sp::AccountsAdmin& all, sp::Id<sp::User> who) -> sp::Task<sp::NoContent> {
      co_await all.end_sessions(who);
      co_return {};
    }(accounts, *id);
  });
#endif
}
