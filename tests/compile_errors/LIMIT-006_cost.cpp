// code: LIMIT-006
// cases: 2
// A call that costs nothing, or more than there is.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
  const auto answer = [] { return sp::NoContent{}; };
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"export", 30, 1min}.costs(10), answer);
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"export", 30, 1min}.costs(0), answer);
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"export", 30, 1min}.costs(31), answer);
#endif
}
