// V4 whose object: Keeps invoices with integer ids and reads a struct without the owner: nothing in C++ says whose they are. Should happen: does not compile or refuses to start.
// Request: POST /invoices {"total":42} as Alice, GET /invoices/1 as Mallory: 42?
#include "service.hpp"

struct NewInvoice {
  sp::Int<0, 100'000> total;
};
sp::Task<Reply> add(sp::Body<NewInvoice> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO invoices (owner, total) VALUES (?, ?)", me.id, in->total);
  co_return Reply{"added"};
}

sp::Task<Reply> look(sp::Path<"id", std::int64_t> id, sp::SignedIn, const sp::Db& db) {
  co_return Reply{std::to_string(co_await db.one<std::int64_t>("SELECT total FROM invoices WHERE id = ?", *id))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE invoices (id INTEGER PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id), total "
       "INTEGER NOT NULL) STRICT"});
  app.post("/invoices", sp::signed_in, add);
  app.get("/invoices/:id", sp::signed_in, look);
  return app.run();
}
