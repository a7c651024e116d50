// code: COOKIE-001
// cases: 5
// A cookie whose name is none, or has the prefix written out.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

using Text = sp::Line<1, 80>;

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"theme", Text>) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"", Text>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"a b", Text>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"a=b", Text>) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"__Host-theme", Text>) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"-theme", Text>) { return sp::NoContent{}; });
#endif
}
