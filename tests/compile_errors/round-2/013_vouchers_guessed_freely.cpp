// M2 limits: Redeems vouchers of six letters for whoever names one, as often as one likes. Should happen: does not compile or is limited.
// Request: POST /redeem {"voucher":"AAAAAA"} and so on
#include "service.hpp"

struct Redeem {
  sp::Line<6, 6> voucher;
};
sp::Task<sp::Response> redeem(sp::Body<Redeem> in, sp::SignedIn, sp::Db& db) {
  const auto used = co_await db.run("UPDATE vouchers SET used = 1 WHERE word = ? AND used = 0", in->voucher);
  if (used == 0) co_return sp::Problem(404, "No such voucher");
  co_return sp::Response::text("10 euros");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE vouchers (word TEXT PRIMARY KEY, used INTEGER NOT NULL) STRICT"});
  app.post("/redeem", sp::signed_in, redeem);
  return app.run();
}
