// code: LIMIT-009
// cases: 1
// More limits on a route than one decision is about.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
  const auto answer = [] { return sp::NoContent{}; };
#ifndef CASE
  app.get("/a", sp::signed_in, sp::limit{"a", 1, 1s}, sp::limit{"b", 1, 1s}, sp::limit{"c", 1, 1s},
          sp::limit{"d", 1, 1s}, answer);
#elif CASE == 1
  app.get("/a", sp::signed_in, sp::limit{"a", 1, 1s}, sp::limit{"b", 1, 1s}, sp::limit{"c", 1, 1s},
          sp::limit{"d", 1, 1s}, sp::limit{"e", 1, 1s}, answer);
#endif
}
