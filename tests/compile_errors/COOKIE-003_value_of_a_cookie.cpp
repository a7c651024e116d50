// code: COOKIE-003
// cases: 5
// A cookie that is no one value.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Data {
  sp::Line<1, 80> a;
};
struct HttpOnly {};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"theme", sp::Line<1, 80>, sp::read_by_scripts>, sp::Cookie<"count", sp::Int<1, 9>>) {
             return sp::NoContent{};
           });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"data", Data>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"list", sp::List<sp::Line<1, 8>, 5>>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"maybe", sp::Maybe<sp::Line<1, 80>>>) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"theme", sp::Line<1, 80>, HttpOnly>) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Cookie<"text", std::string>) { return sp::NoContent{}; });
#endif
}
