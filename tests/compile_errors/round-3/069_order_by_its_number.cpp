// An order belongs to an e-mail address, and is shown by its number.
#include "../round-2/service.hpp"

struct Order {
  std::int64_t number;
  std::string customer_email;
  std::string address;
};
template <>
struct sp::view<Order> {
  using show = fields<&Order::number, &Order::address>;
  using hidden = fields<&Order::customer_email>;
};
sp::Task<Order> show(sp::Path<"number", sp::Int<1, 1'000'000>> number, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.found<Order>("SELECT * FROM orders WHERE number = ?", number->value());
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE orders (number INTEGER PRIMARY KEY, customer_email TEXT NOT NULL, address TEXT NOT NULL) STRICT",
       "INSERT INTO orders (customer_email, address) VALUES ('ada@example.org', '12 Silent Street')"});
  app.get("/orders/:number", sp::signed_in, show);
  return app.run();
}
