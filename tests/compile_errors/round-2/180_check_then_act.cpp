// lifetimes: Reads the credit, awaits, and then takes it: two requests take it twice. Should happen: cannot be stopped.
// Request: POST /pay twice at once with credit 1: -1?
#include "service.hpp"

sp::Task<Reply> pay(sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO wallets (owner, credit) VALUES (?, 1) ON CONFLICT DO NOTHING", me.id);
  const auto credit = co_await db.one<std::int64_t>("SELECT credit FROM wallets WHERE owner = ?", me.id);
  if (credit < 1) throw sp::Problem(402, "No credit");
  co_await sp::sleep_for(100ms);
  co_await db.run("UPDATE wallets SET credit = credit - 1 WHERE owner = ?", me.id);
  co_return Reply{"paid"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE wallets (owner BLOB PRIMARY KEY, credit INTEGER NOT NULL) STRICT"});
  app.post("/pay", sp::signed_in, pay);
  return app.run();
}
