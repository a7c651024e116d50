// code: LIMIT-008
// cases: 2
// No calls at once, or so many that it is no limit.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

void routes(sp::Router& app) {
  const auto answer = [] { return sp::NoContent{}; };
#ifndef CASE
  app.get("/a", sp::signed_in, sp::max_concurrent{4}, answer);
#elif CASE == 1
  app.get("/a", sp::signed_in, sp::max_concurrent{0}, answer);
#elif CASE == 2
  app.get("/a", sp::signed_in, sp::max_concurrent{1'000'000}, answer);
#endif
}
