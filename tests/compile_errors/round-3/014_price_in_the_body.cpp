// The shop takes the price from the client's basket.
#include "../round-2/service.hpp"

struct Item {
  sp::Line<1, 40> product;
  sp::Int<1, 99> quantity;
  sp::Int<0, 1'000'000> price_cents;
};
struct Basket {
  sp::List<Item, 50> items;
};
sp::Task<Reply> order(sp::Body<Basket> in, sp::SignedIn me, sp::Db& db) {
  std::int64_t total = 0;
  for (const Item& item : in->items) total += item.quantity.value() * item.price_cents.value();
  co_await db.run("INSERT INTO orders (owner, total) VALUES (?, ?)", me.id, total);
  co_return Reply{std::to_string(total)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE orders (owner BLOB NOT NULL, total INTEGER NOT NULL) STRICT"});
  app.post("/orders", sp::signed_in, order);
  return app.run();
}
