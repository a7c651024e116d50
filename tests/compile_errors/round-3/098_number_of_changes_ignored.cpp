// The money is taken if there is enough, and the goods are sent in any case.
#include "../round-2/service.hpp"

struct Buy {
  sp::Line<1, 40> product;
  sp::Int<1, 1'000'000> cents;
};
sp::Task<Reply> buy(sp::Body<Buy> in, sp::SignedIn me, sp::Db& db) {
  co_await db.transaction([&](sp::Transaction& tx) {
    tx.run("UPDATE wallets SET cents = cents - ? WHERE owner = ? AND cents >= ?", in->cents.value(), me.id,
           in->cents.value());
    tx.run("INSERT INTO orders (owner, product) VALUES (?, ?)", me.id, in->product);
  });
  co_return Reply{"sent"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE wallets (owner BLOB PRIMARY KEY, cents INTEGER NOT NULL) STRICT",
               "CREATE TABLE orders (owner BLOB NOT NULL, product TEXT NOT NULL) STRICT"});
  app.post("/orders", sp::signed_in, buy);
  return app.run();
}
