// code: KEEP-001
// cases: 4
// What is kept in a session or a sealed cookie is a struct.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Cart {
  sp::List<sp::Line<1, 40>, 50> items;
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Session<Cart>, sp::SealedCookie<"cart", Cart>) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<int>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<std::string>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Session<sp::List<sp::Line<1, 40>, 50>>) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::SealedCookie<"text", sp::Line<1, 80>>) { return sp::NoContent{}; });
#endif
}
