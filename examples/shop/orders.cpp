// Orders: from placing one, which takes from the stock, to cancelling it, which gives back.
#include "model.hpp"
#include "routes.hpp"

namespace shop {
namespace {

sp::Task<sp::Created<Receipt>> place(sp::Body<NewOrder> in, sp::SignedIn me, sp::Db& db) {
  if (in->items.empty()) throw sp::Problem(400, "An order has an item");
  co_return co_await db.transaction([&](sp::Transaction& tx) {
    const auto order =
        tx.one<sp::OwnedId<Order>>("INSERT INTO orders (id, owner, status) VALUES (?, ?, ?) RETURNING id",
                                   sp::Id<Order>::random(), me.id, Status::unpaid);
    for (const Item& item : in->items) {
      tx.run("UPDATE products SET stock = stock - ? WHERE id = ? AND stock >= ?", item.quantity, item.product,
             item.quantity)
          .or_problem(409, "Not in stock");
      tx.run(
          "INSERT INTO order_lines (order_id, product, title, quantity, price)"
          " SELECT ?, id, title, ?, price FROM products WHERE id = ?",
          order, item.quantity, item.product);
    }
    return Receipt{
        tx.one<Order>(
            "UPDATE orders SET total = (SELECT sum(quantity * price) FROM order_lines WHERE order_id = orders.id)"
            " WHERE id = ? RETURNING *",
            order),
        tx.all<OrderLine>("SELECT product, title, quantity, price FROM order_lines WHERE order_id = ?", order)};
  });
}
sp::Task<sp::Rows<Order>> list(sp::Query<Paging> paging, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Order>("SELECT * FROM orders WHERE owner = ? ORDER BY placed DESC, id LIMIT ? OFFSET ?",
                                   me.id, page_size, rows_before(paging->page));
}
sp::Task<Receipt> show(sp::Owned<Order> order, const sp::Db& db) {
  co_return Receipt{
      *order, co_await db.all<OrderLine>("SELECT product, title, quantity, price FROM order_lines WHERE order_id = ?",
                                         order.id())};
}

void restock(sp::Transaction& tx, sp::Id<Order> order) {
  tx.run(
        "UPDATE products SET stock = stock + (SELECT quantity FROM order_lines WHERE order_id = ? AND product = "
        "products.id)"
        " WHERE id IN (SELECT product FROM order_lines WHERE order_id = ?)",
        order, order, sp::every_owner<"who calls this has cancelled the order before">)
      .or_none();
}
sp::Task<sp::NoContent> cancel(sp::Owned<Order> order, sp::Db& db) {
  co_await db.transaction([&](sp::Transaction& tx) {
    tx.run("UPDATE orders SET status = ? WHERE id = ? AND status = ?", Status::cancelled, order.id(), Status::unpaid)
        .or_problem(409, "Only an unpaid order is cancelled");
    restock(tx, order.id());
  });
  co_return {};
}

// --- for administrators

sp::Task<sp::Rows<Order>> list_all(sp::Query<Paging> paging, const sp::Db& db) {
  co_return co_await db.all<Order>("SELECT * FROM orders ORDER BY placed DESC, id LIMIT ? OFFSET ?", page_size,
                                   rows_before(paging->page), sp::every_owner<"administrators see all orders">);
}
sp::Task<Order> set_status(sp::Path<"id", sp::Id<Order>> id, sp::Body<StatusChange> in, sp::Db& db) {
  co_return co_await db.transaction([&](sp::Transaction& tx) {
    const Order order =
        tx.maybe<Order>("UPDATE orders SET status = ? WHERE id = ? AND status <> ? RETURNING *", in->status, *id,
                        Status::cancelled, sp::every_owner<"administrators keep all orders">)
            .or_problem(404, "No such order, or it is cancelled");
    if (order.status == Status::cancelled) restock(tx, *id);
    return order;
  });
}

}  // namespace

void orders(sp::App& app) {
  app.post("/orders", sp::signed_in, place);
  app.get("/orders", sp::signed_in, list);
  app.get("/orders/:id", sp::owner<Order>, show);
  app.post("/orders/:id/cancel", sp::owner<Order>, cancel);
  app.get("/admin/orders", sp::role("admin"), list_all);
  app.patch("/admin/orders/:id", sp::role("admin"), set_status);
}

}  // namespace shop
