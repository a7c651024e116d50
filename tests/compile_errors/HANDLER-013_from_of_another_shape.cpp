// code: HANDLER-013
// cases: 5
// A parameter of the application's own whose `from` does not make it.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Right {
  int n;
  static sp::Task<sp::OrProblem<Right>> from(sp::Maybe<sp::SignedIn> me) {
    if (!me) co_return sp::Problem(404, "Nobody is here");
    co_return Right{1};
  }
};
struct AnotherType {
  int n;
  static int from(sp::Log&) { return 1; }
};
struct NotStatic {
  int n;
  NotStatic from(sp::Log&) { return *this; }
};
struct Noexcept {
  int n;
  static Noexcept from(sp::Log&) noexcept { return {1}; }
};
struct Reference {
  int n;
  static const Reference& from(sp::Log&) {
    static const Reference one{1};
    return one;
  }
};
// Made once, and taken by two.
struct Once {
  std::unique_ptr<int> n;
  static Once from(sp::Log&) { return {std::make_unique<int>(1)}; }
};
struct Other {
  int n;
  static Other from(Once once) { return {*once.n}; }
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), [](Right) { return sp::NoContent{}; });
  app.get("/b", sp::anyone("for the test of this rule"), [](Once) { return sp::NoContent{}; });
  app.get("/c", sp::anyone("for the test of this rule"), [](Other) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), [](AnotherType) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), [](NotStatic) { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("for the test of this rule"), [](Noexcept) { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"), [](Reference) { return sp::NoContent{}; });
#elif CASE == 5
  app.get("/a", sp::anyone("for the test of this rule"), [](Once, Other) { return sp::NoContent{}; });
#endif
}
