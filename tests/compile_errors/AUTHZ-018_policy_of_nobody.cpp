// code: AUTHZ-018
// cases: 4
// A policy that looks at nobody, so that it says the same to all.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] static bool is_ada(sp::SignedIn me) { return me.name == "Ada"; }
[[maybe_unused]] static bool yes() { return true; }
[[maybe_unused]] static bool logs(sp::Log&) { return true; }
[[maybe_unused]] static sp::Task<bool> counts(const sp::Db&) { co_return true; }
[[maybe_unused]] static bool of_acme(sp::Header<"X-Tenant", sp::Line<1, 40>> tenant) {
  return tenant->view() == "acme";
}

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::when<is_ada>, [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::when<yes>, [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::when<logs>, [] { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::all_of(sp::signed_in, sp::when<counts>), [] { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::when<of_acme>, [] { return sp::NoContent{}; });
#endif
}
