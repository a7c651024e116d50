// code: AUTHZ-017
// cases: 8
// A policy that would change something, or needs the body.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] static bool is_ada(sp::SignedIn me) { return me.name == "Ada"; }
struct In {
  sp::Line<1, 80> title;
};
struct Counted {
  int n;
  static Counted from(sp::SignedIn, sp::Db&) { return {1}; }
};
[[maybe_unused]] static sp::Task<bool> writes(sp::SignedIn, sp::Db&) { co_return true; }
[[maybe_unused]] static bool reads_body(sp::SignedIn, sp::Body<In>) { return true; }
[[maybe_unused]] static bool ends(sp::SignedIn, sp::CurrentSession) { return true; }
[[maybe_unused]] static bool counts(Counted) { return true; }
[[maybe_unused]] static bool any(sp::SignedIn, std::string) { return true; }
[[maybe_unused]] static bool reads(sp::SignedIn me, const sp::Db&) { return me.name == "Ada"; }
[[maybe_unused]] static bool from_home(sp::SignedIn, sp::Client client) { return client.address() == "192.0.2.1"; }
struct Home {
  bool is;
  static Home from(sp::Client client) { return {client.address() == "192.0.2.1"}; }
};
[[maybe_unused]] static bool is_home(sp::SignedIn, Home home) { return home.is; }
[[maybe_unused]] static bool is_admin(sp::Cookie<"admin", bool> admin) { return admin.value_or(false); }

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::when<reads>, [](sp::SignedIn) { return sp::NoContent{}; });
  app.post("/b", sp::signed_in, [](sp::Client) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::when<writes>, [] { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::when<reads_body>, [] { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::when<ends>, [] { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/a", sp::when<counts>, [] { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/a", sp::any_of(sp::role("admin"), sp::when<any>), [] { return sp::NoContent{}; });
#elif CASE == 6
  app.post("/b", sp::when<from_home>, [] { return sp::NoContent{}; });
#elif CASE == 7
  app.post("/b", sp::when<is_home>, [] { return sp::NoContent{}; });
#elif CASE == 8
  app.post("/b", sp::when<is_admin>, [] { return sp::NoContent{}; });
#endif
}
