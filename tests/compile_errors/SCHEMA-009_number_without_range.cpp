// code: SCHEMA-009
// cases: 9
// A number that a client may choose below zero.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Buy {
  sp::Int<1, 100> tickets;
  std::uint32_t coupons;
  sp::Maybe<sp::Real<0, 1000>> weight;
  sp::AnyInt degrees;
  sp::AnyReal offset;
  bool gift;
};
struct A {
  std::int32_t tickets;
};
struct B {
  int quantity;
};
struct C {
  sp::Maybe<long long> quantity;
};
struct D {
  double sum;
};
struct E {
  std::vector<int> quantities;
};
struct F {
  sp::List<A, 10> lines;
};
struct G {
  std::int8_t seats;
};

template <class T>
sp::NoContent in_json(sp::Body<T>) {
  return {};
}

void routes(sp::Router& app) {
  app.post("/tickets", sp::signed_in, in_json<Buy>);
  app.get("/tickets/:number", sp::anyone("for the test of this rule"),
          [](sp::Path<"number", std::int64_t>) { return sp::NoContent{}; });
#if CASE == 1
  app.post("/x", sp::signed_in, in_json<A>);
#elif CASE == 2
  app.post("/x", sp::signed_in, in_json<B>);
#elif CASE == 3
  app.post("/x", sp::role("seller"), in_json<C>);
#elif CASE == 4
  app.post("/x", sp::signed_in, [](sp::Form<D>) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/x", sp::signed_in, in_json<E>);
#elif CASE == 6
  app.post("/x", sp::signed_in, in_json<F>);
#elif CASE == 7
  app.post("/x", sp::signed_in, [](sp::TryForm<G>) { return sp::NoContent{}; });
#elif CASE == 8
  app.get("/x", sp::anyone("for the test of this rule"), [](sp::Query<B>) { return sp::NoContent{}; });
#elif CASE == 9
  app.post("/x", sp::signed_in, in_json<std::vector<A>>);
#endif
}
