// code: PROOF-002
// cases: 3
// Somebody is signed in because the program says so.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] static sp::Id<sp::User> whose(sp::SignedIn me) { return me.id; }

void control(sp::Router& app) {
  app.get("/a", sp::signed_in, [](sp::SignedIn me) {
    whose(me);
    return sp::NoContent{};
  });
}

#if CASE == 1
auto mistake() { return whose(sp::SignedIn{}); }
#elif CASE == 2
auto mistake(const sp::User& user) { return whose(sp::SignedIn(user.id, user.name, user.email, user.role)); }
#elif CASE == 3
auto mistake(const sp::User& user) { return whose(sp::SignedIn{user.id, "", "", "admin"}); }
#endif
