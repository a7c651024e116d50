// A quantity is any whole number, so minus three tickets pay money out.
#include "../round-2/service.hpp"

struct Buy {
  std::int32_t tickets;
};
sp::Task<Reply> buy(sp::Body<Buy> in, sp::SignedIn me, sp::Db& db) {
  const std::int64_t cost = std::int64_t{in->tickets} * 1200;
  co_await db.run("UPDATE wallets SET cents = cents - ? WHERE owner = ? AND cents >= ?", cost, me.id, cost)
      .or_problem(409, "Not enough money");
  co_return Reply{"thank you"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE wallets (owner BLOB PRIMARY KEY, cents INTEGER NOT NULL) STRICT"});
  app.post("/tickets", sp::signed_in, buy);
  return app.run();
}
