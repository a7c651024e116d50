// V4 whose object: Keeps the owner as an e-mail, and forgets to compare it. Should happen: does not compile or refuses to start.
// Request: POST /orders as Alice, GET /orders/1 as Mallory: her order?
#include "service.hpp"

struct Purchase {
  std::int64_t id;
  std::string owner_email;
  std::string what;
};
template <>
struct sp::view<Purchase> {
  using show = fields<&Purchase::id, &Purchase::owner_email, &Purchase::what>;
};
sp::Task<Reply> add(sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO orders (owner_email, what) VALUES (?, 'a book')", me.email);
  co_return Reply{"added"};
}
sp::Task<Purchase> look(sp::Path<"number", std::int64_t> id, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.one<Purchase>("SELECT * FROM orders WHERE id = ?", *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE orders (id INTEGER PRIMARY KEY, owner_email TEXT NOT NULL, what TEXT NOT NULL) STRICT"});
  app.post("/orders", sp::signed_in, add);
  app.get("/orders/:number", sp::signed_in, look);
  return app.run();
}
