// Whether a code was right is logged, and then everybody goes on.
#include "../round-2/service.hpp"

struct Confirm {
  sp::Email email;
  sp::OneTimeCode<6> code;
};
sp::Task<Reply> confirm(sp::Body<Confirm> in, sp::CodeAttempt attempt, sp::Db& db, sp::Log& log) {
  const auto kept = co_await db.maybe<std::string>("SELECT digest FROM pending WHERE email = ?", in->email);
  const auto match = co_await attempt.matches(in->code, kept.value_or(""), "confirm an address");
  log.info("address_confirmed", {{"right", static_cast<bool>(match)}});
  co_await db.run("INSERT INTO confirmed (email) VALUES (?) ON CONFLICT (email) DO NOTHING", in->email);
  co_return Reply{"confirmed"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"-- pending.email is not an owner: a code may be asked for before there is an account\n"
       "CREATE TABLE pending (email TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT",
       "-- confirmed.email is not an owner: an address that was confirmed before there is an account\n"
       "CREATE TABLE confirmed (email TEXT PRIMARY KEY) STRICT"});
  app.post("/confirm", sp::anyone("the code proves it"), sp::attempts{.max = 5, .per = 15min}, confirm);
  return app.run();
}
