// Inside a transaction the failure of its second statement is caught, and the first one stays.
#include "../round-2/service.hpp"

struct Transfer {
  sp::Line<1, 40> to;
  sp::Int<1, 1'000'000> cents;
};
sp::Task<Reply> transfer(sp::Body<Transfer> in, sp::SignedIn me, sp::Db& db) {
  co_await db.transaction([&](sp::Transaction& tx) {
    tx.run("INSERT INTO wallets (owner, cents) VALUES (?, 1000) ON CONFLICT (owner) DO NOTHING", me.id);
    tx.run("UPDATE wallets SET cents = cents - ? WHERE owner = ? AND cents >= ?", in->cents.value(), me.id,
           in->cents.value())
        .or_problem(409, "Not enough money");
    try {
      tx.run("INSERT INTO payments (shop, cents) VALUES (?, ?)", in->to, in->cents.value());
    } catch (const sp::DatabaseError&) {
      // paid already
    }
  });
  co_return Reply{"paid"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE wallets (owner BLOB PRIMARY KEY, cents INTEGER NOT NULL) STRICT",
               "CREATE TABLE payments (shop TEXT PRIMARY KEY, cents INTEGER NOT NULL) STRICT"});
  app.post("/transfer", sp::signed_in, transfer);
  return app.run();
}
