// code: OWN-008
// cases: 10
// A query answers an OwnedId only of a row that it proves to be the caller's.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Order {
  sp::Id<Order> id;
  sp::Id<sp::User> owner;
};
template <>
struct sp::entity<Order> : sp::table<"orders", &Order::id, &Order::owner> {};
struct Item {
  sp::Id<Item> id;
  sp::Id<Order> order_id;
};
template <>
struct sp::entity<Item> : sp::table<"items", &Item::id> {};
struct Product {
  sp::Id<Product> id;
};
template <>
struct sp::entity<Product> : sp::table<"products", &Product::id> {};

void handle(sp::Db& db, const sp::Db& reader, sp::SignedIn me, sp::Id<Order> which, sp::Owned<Order> order) {
  (void)db.transaction([&](sp::Transaction& tx) {
    const auto made = tx.one<sp::OwnedId<Order>>("INSERT INTO orders (id, owner) VALUES (?, ?) RETURNING id",
                                                 sp::Id<Order>::random(), me.id);
    tx.run("INSERT INTO items (id, order_id) VALUES (?, ?)", sp::Id<Item>::random(), made);
  });
  (void)reader.maybe<sp::OwnedId<Order>>("SELECT id FROM orders WHERE id = ? AND owner = ?", which, me.id);
  (void)reader.all<sp::OwnedId<Item>>(
      "SELECT i.id FROM items AS i JOIN orders AS o ON o.id = i.order_id WHERE o.owner = ?", me.id);
  (void)db.one<sp::OwnedId<Order>>("UPDATE orders SET paid = 1 WHERE id = ? AND owner = ? RETURNING id", which, me.id);
#if CASE == 1
  (void)reader.one<sp::OwnedId<Order>>("SELECT order_id FROM items WHERE order_id = ?", order.id());
#elif CASE == 2
  (void)reader.all<sp::OwnedId<Order>>("SELECT id FROM orders WHERE owner = ? UNION SELECT id FROM old_orders", me.id);
#elif CASE == 3
  (void)reader.all<sp::OwnedId<Order>>("SELECT other FROM orders WHERE owner = ?", me.id);
#elif CASE == 4
  (void)reader.all<sp::OwnedId<Order>>(
      "SELECT id FROM old_orders, orders WHERE old_orders.number = orders.number AND orders.owner = ?", me.id);
#elif CASE == 5
  (void)reader.all<sp::OwnedId<Order>>("SELECT id FROM orders", sp::every_owner<"the list of all orders">);
#elif CASE == 6
  (void)reader.all<sp::OwnedId<Product>>("SELECT id FROM products");
#elif CASE == 7
  (void)reader.all<sp::OwnedId<sp::User>>("SELECT id FROM sallyport_people");
#elif CASE == 8
  (void)db.one<sp::OwnedId<Order>>("INSERT INTO old_orders (id, owner) VALUES (?, ?) RETURNING id", which, me.id);
#elif CASE == 9
  (void)reader.one<sp::OwnedId<Order>>("SELECT max(id) FROM orders WHERE owner = ?", me.id);
#elif CASE == 10
  (void)reader.one<sp::OwnedId<Order>>("SELECT ? FROM orders WHERE owner = ?", which, me.id);
#endif
}
