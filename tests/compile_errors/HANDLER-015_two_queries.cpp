// code: HANDLER-015
// cases: 3
// One request read as two queries.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Search {
  sp::Line<1, 80> q;
};
struct Paging {
  sp::Int<1, 100> page;
};
struct Position {
  int first;
  static Position from(sp::Query<Paging> in) { return {static_cast<int>(in->page.value()) * 20}; }
};
[[maybe_unused]] static bool is_first(sp::Query<Paging> in) { return in->page.value() == 1; }

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Query<Paging>, Position) { return sp::NoContent{}; });
  app.get("/b", sp::when<is_first>, [](Position) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"),
          [](sp::Query<Paging>, sp::Query<Search>) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Query<Search>, Position) { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::when<is_first>, [](sp::Query<Search>) { return sp::NoContent{}; });
#endif
}
