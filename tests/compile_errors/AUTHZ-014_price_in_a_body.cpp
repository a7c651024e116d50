// code: AUTHZ-014
// cases: 10
// A client that says what it pays.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Basket {
  sp::Line<1, 40> product;
  sp::Int<1, 99> quantity;
};
struct Transfer {
  sp::Int<1, 1'000'000> amount;  // what the payer chooses
};
struct Search {
  sp::Maybe<sp::Int<0, 1'000'000>> max_price;
  sp::Maybe<sp::Int<0, 1'000'000>> price_from;
  sp::Int<1, 100> total_pages;
};
struct Offer {
  sp::Line<1, 80> title;
  sp::Int<1, 1'000'000> price_cents;
};
template <>
struct sp::client_may_set<Offer> : sp::because<"the seller asks for it", &Offer::price_cents> {};
struct Product {
  sp::Line<1, 80> name;
  sp::Int<1, 1'000'000> price;
};

struct Item {
  sp::Line<1, 40> product;
  sp::Int<1, 99> quantity;
  sp::Int<0, 1'000'000> price_cents;
};
struct A {
  sp::List<Item, 50> items;
};
struct B {
  sp::Real<0, 1'000'000> unitPrice;
};
struct C {
  sp::Maybe<sp::Int<0, 100>> discount;
};
struct D {
  sp::Int<0, 1'000'000> total;
};
struct E {
  sp::Int<0, 1'000'000> shipping_fee;
};
struct F {
  std::uint32_t TOTAL_IN_EUR;
};
struct G {
  bool paid;
};
struct H {
  sp::Line<1, 20> amount_due;
};
struct I {
  sp::Int<0, 100> discount_percent;
};

template <class T>
sp::NoContent in_json(sp::Body<T>) {
  return {};
}

void routes(sp::Router& app) {
  app.post("/orders", sp::signed_in, in_json<Basket>);
  app.post("/transfers", sp::signed_in, in_json<Transfer>);
  app.post("/search", sp::anyone("the search of the shop"), in_json<Search>);
  app.get("/search", sp::anyone("the search of the shop"), [](sp::Query<Product>) { return sp::NoContent{}; });
  app.post("/offers", sp::signed_in, in_json<Offer>);
  app.post("/products", sp::role("seller"), in_json<Product>);
#if CASE == 1
  app.post("/x", sp::signed_in, in_json<A>);
#elif CASE == 2
  app.post("/x", sp::signed_in, in_json<B>);
#elif CASE == 3
  app.post("/x", sp::anyone("for the test of this rule"), in_json<C>);
#elif CASE == 4
  app.post("/x", sp::signed_in, [](sp::Form<D>) { return sp::NoContent{}; });
#elif CASE == 5
  app.put("/x", sp::signed_in, [](sp::TryForm<E>) { return sp::NoContent{}; });
#elif CASE == 6
  app.post("/x", sp::signed_in, in_json<F>);
#elif CASE == 7
  app.patch("/x", sp::signed_in, in_json<G>);
#elif CASE == 8
  app.post("/x", sp::signed_in, in_json<H>);
#elif CASE == 9
  app.post("/x", sp::signed_in, in_json<std::vector<I>>);
#elif CASE == 10
  app.post("/x", sp::signed_in, [](sp::Query<D>) { return sp::NoContent{}; });
#endif
}
