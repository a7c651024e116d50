// code: HANDLER-014
// cases: 3
// Parameters of the application's own that need each other.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Line;
struct Order {
  int n;
  static Order from(sp::Log&) { return {1}; }
};
struct Itself {
  int n;
  static Itself from(Itself) { return {1}; }
};
struct Second;
struct First {
  int n;
  static First from(Second);
};
struct Second {
  int n;
  static sp::Task<Second> from(First);
};
struct Third {
  int n;
  static Third from(Order, Second);
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), [](Order) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), [](Itself) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), [](First) { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("for the test of this rule"), [](Third) { return sp::NoContent{}; });
#endif
}
