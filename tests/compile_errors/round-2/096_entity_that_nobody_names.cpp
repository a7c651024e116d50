// V4 whose object: Declares an entity, but all queries use integer ids and smaller structs. Should happen: does not compile or is refused.
// Request: POST /invoices {"total":42} as Alice, GET /invoices/1 as Mallory: 42?
#include "service.hpp"

struct Invoice {
  std::int64_t id;
  sp::Id<sp::User> owner;
  std::int64_t total;
};
template <>
struct sp::entity<Invoice> : sp::table<"invoices", &Invoice::id, &Invoice::owner> {};
struct Total {
  std::int64_t total;
};
template <>
struct sp::view<Total> {
  using show = fields<&Total::total>;
};
struct NewInvoice {
  sp::Int<0, 100'000> total;
};
sp::Task<Reply> add(sp::Body<NewInvoice> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO invoices (owner, total) VALUES (?, ?)", me.id, in->total);
  co_return Reply{"added"};
}

sp::Task<Total> look(sp::Path<"number", std::int64_t> id, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.one<Total>("SELECT total FROM invoices WHERE id = ?", *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE invoices (id INTEGER PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id), total "
       "INTEGER NOT NULL) STRICT"});
  app.post("/invoices", sp::signed_in, add);
  app.get("/invoices/:number", sp::signed_in, look);
  return app.run();
}
