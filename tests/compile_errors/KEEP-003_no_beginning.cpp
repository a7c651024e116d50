// code: KEEP-003
// cases: 2
// Data of a session that has nothing to begin with.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Cart {
  sp::List<sp::Line<1, 40>, 50> items;
};
class Number {
 public:
  static sp::Parsed<Number> parse(std::string_view) { return Number(1); }
  [[nodiscard]] std::string_view view() const { return "1"; }

 private:
  explicit Number(int n) : n_(n) {}
  [[maybe_unused]] int n_;
};
struct Chosen {
  Number number;
};
struct MaybeChosen {
  sp::Maybe<Number> number;
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Session<Cart>, sp::Session<MaybeChosen>) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<Chosen>) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::Session<const Chosen>) { return sp::NoContent{}; });
#endif
}
