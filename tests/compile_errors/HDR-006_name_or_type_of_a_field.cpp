// code: HDR-006
// cases: 6
// A field of the request that is no name, or no one value.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Pair {
  sp::Line<1, 80> a;
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-Count", sp::Int<1, 9>>, sp::Header<"X-Flag", sp::Maybe<bool>>) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"", sp::Line<1, 80>>) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X Tenant", sp::Line<1, 80>>) { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-Tenant:", sp::Line<1, 80>>) { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Header<"X-Pair", Pair>) { return sp::NoContent{}; });
#elif CASE == 5
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-List", sp::List<sp::Line<1, 80>, 5>>) { return sp::NoContent{}; });
#elif CASE == 6
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Header<"X-Text", std::string>) { return sp::NoContent{}; });
#endif
}
