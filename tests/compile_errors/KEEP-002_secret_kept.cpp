// code: KEEP-002
// cases: 3
// A secret in a session or a cookie.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Cart {
  sp::List<sp::Line<1, 40>, 50> items;
};
struct Typed {
  sp::Maybe<sp::Password> password;
};
struct Mine {
  using is_secret = void;
  static sp::Parsed<Mine> parse(std::string_view) { return Mine{}; }
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<Cart>) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<Typed>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::SealedCookie<"typed", Typed>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Cookie<"mine", Mine>) { return sp::NoContent{}; });
#endif
}
