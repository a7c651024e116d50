// code: AUTHZ-016
// cases: 4
// A policy of the application's own that is no function that says yes or no.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] static bool is_ada(sp::SignedIn me) { return me.name == "Ada"; }
[[maybe_unused]] static int level(sp::SignedIn me) { return me.name == "Ada" ? 1 : 0; }
[[maybe_unused]] static bool quietly(sp::SignedIn me) noexcept { return me.name == "Ada"; }
[[maybe_unused]] static sp::Task<int> later(sp::SignedIn) { co_return 1; }
[[maybe_unused]] static sp::Maybe<bool> perhaps(sp::SignedIn) { return true; }

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::when<is_ada>, [](sp::SignedIn) { return sp::NoContent{}; });
  app.get("/b", sp::when<is_ada>.hidden(), [](sp::SignedIn) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::when<level>, [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::when<quietly>, [] { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::when<later>, [] { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::when<perhaps>, [] { return sp::NoContent{}; });
#endif
}
