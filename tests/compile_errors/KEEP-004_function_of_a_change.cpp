// code: KEEP-004
// cases: 3
// A function that changes nothing of the session, or waits within.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Cart {
  sp::List<sp::Line<1, 40>, 50> items;
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<Cart> cart) -> sp::Task<sp::NoContent> {
    co_await cart.change([](Cart& all) { static_cast<void>(all.items.add(*sp::Line<1, 40>::parse("x"))); });
    co_return {};
  });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<Cart> cart) -> sp::Task<sp::NoContent> {
    co_await cart.change([](int) {});
    co_return {};
  });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<Cart> cart) -> sp::Task<sp::NoContent> {
    co_await cart.change([](Cart& all) { return all.items.size(); });
    co_return {};
  });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"), [](sp::Session<Cart> cart) -> sp::Task<sp::NoContent> {
    co_await cart.change([](Cart&) -> sp::Task<void> { co_return; });
    co_return {};
  });
#endif
}
