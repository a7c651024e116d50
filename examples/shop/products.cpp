// The shop window, and its keepers.
#include "model.hpp"
#include "routes.hpp"

namespace shop {
namespace {

sp::Task<sp::Rows<Product>> list(sp::Query<Search> query, const sp::Db& db) {
  const auto words = sp::contains_folded(query->q ? query->q->view() : "");
  co_return co_await db.all<Product>(
      "SELECT * FROM products WHERE folded(title) LIKE ? ESCAPE '\\' OR folded(description) LIKE ? ESCAPE '\\'"
      " ORDER BY {}, id LIMIT ? OFFSET ?",
      words, words, sp::order<"title", "price", "stock">(query->sort, query->descending), page_size,
      rows_before(query->page));
}
sp::Task<sp::Created<Product>> add(sp::Body<NewProduct> in, sp::Db& db) {
  co_return co_await db.one<Product>(
      "INSERT INTO products (id, title, description, price, stock) VALUES (?, ?, ?, ?, ?) RETURNING *",
      sp::Id<Product>::random(), in->title, in->description, in->price, in->stock);
}
sp::Task<Product> change(sp::Path<"id", sp::Id<Product>> id, sp::Body<ProductChange> in, sp::Db& db) {
  co_return co_await db.found<Product>(
      "UPDATE products SET title = coalesce(?, title), description = coalesce(?, description),"
      " price = coalesce(?, price), stock = coalesce(?, stock) WHERE id = ? RETURNING *",
      in->title, in->description, in->price, in->stock, *id);
}

}  // namespace

void products(sp::App& app) {
  app.get("/products", sp::anyone("the shop window"), list);
  app.post("/products", sp::role("admin"), add);
  app.patch("/products/:id", sp::role("admin"), change);
}

}  // namespace shop
