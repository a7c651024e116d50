// code: CORS-005
// cases: 2
// Two CORS options on one route.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void routes(sp::Router& app) {
#ifndef CASE
  app.get("/a", sp::signed_in, sp::cors<"https://one.example", "https://two.example">, [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::signed_in, sp::cors<"https://one.example">, sp::cors<"https://two.example">,
          [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors_any, sp::cors<"https://one.example">,
          [] { return sp::NoContent{}; });
#endif
}
