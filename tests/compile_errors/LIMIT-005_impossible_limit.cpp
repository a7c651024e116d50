// code: LIMIT-005
// cases: 10
// Limits that admit nothing, last no time, or have no name of their own.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

void routes(sp::Router& app) {
  const auto answer = [] { return sp::NoContent{}; };
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"search", 30, 1min}, answer);
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"search", 0, 1min}, answer);
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"search", 30, 0s}, answer);
#elif CASE == 3
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"", 30, 1min}, answer);
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"general", 30, 1min}, answer);
#elif CASE == 5
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"a \"quoted\" name", 30, 1min}, answer);
#elif CASE == 6
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"search", 30, 24h * 365}, answer);
#elif CASE == 7
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{"search", 1'000'001, 1min}, answer);
#elif CASE == 8
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{30, 1min}, answer);
#elif CASE == 9
  const std::string name = "search";
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{name, 30, 1min}, answer);
#elif CASE == 10
  static char name[] = "search";
  app.get("/a", sp::anyone("for the test of this rule"), sp::limit{name, 30, 1min}, answer);
#endif
}
