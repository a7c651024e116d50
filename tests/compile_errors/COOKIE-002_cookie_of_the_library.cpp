// code: COOKIE-002
// cases: 6
// A cookie that is called like one of the library's.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Data {
  sp::Line<1, 80> a;
};
using Text = sp::Line<1, 80>;

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"theme", Text>, sp::SealedCookie<"basket", Data>) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"session", Text>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"Device", Text>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"visitor", Text, sp::read_by_scripts>) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::SealedCookie<"flash", Data>) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::SealedCookie<"session", Data>) { return sp::NoContent{}; });
#elif CASE == 6
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"PHPSESSID", Text>) { return sp::NoContent{}; });
#endif
}
