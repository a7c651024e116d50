// code: LIT-001
// cases: 2
// An array without a terminating NUL where a string literal is asked for.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

[[maybe_unused]] constexpr char cut_off[8] = {'h', 't', 't', 'p', 's', ':', '/', '/'};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::signed_in, sp::cors<"https://app.example">, [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::signed_in, sp::cors<cut_off>, [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::signed_in, sp::cors<"https://app.example", cut_off>, [] { return sp::NoContent{}; });
#endif
}
