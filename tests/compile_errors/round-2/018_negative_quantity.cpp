// M3 body: Takes a plain int as quantity: minus five of it gives money back. Should happen: does not compile or is refused.
// Request: POST /buy {"price":100,"quantity":-5} as Alice: is her credit larger now?
#include "service.hpp"

struct Buy {
  sp::Int<1, 1000> price;
  int quantity;
};
sp::Task<sp::Response> buy(sp::Body<Buy> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO wallets (owner, credit) VALUES (?, 0) ON CONFLICT DO NOTHING", me.id);
  co_await db.run("UPDATE wallets SET credit = credit - ? WHERE owner = ?", in->price.value() * in->quantity, me.id);
  co_return sp::Response::text(
      std::to_string(co_await db.one<std::int64_t>("SELECT credit FROM wallets WHERE owner = ?", me.id)));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE wallets (owner BLOB PRIMARY KEY, credit INTEGER NOT NULL) STRICT"});
  app.post("/buy", sp::signed_in, buy);
  return app.run();
}
