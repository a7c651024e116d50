// A one-time code is not forgotten after it was right, so it is right again.
#include "../round-2/service.hpp"

struct Ask {
  sp::Email email;
};
struct Withdraw {
  sp::Email email;
  sp::OneTimeCode<6> code;
};
sp::Task<Reply> ask(sp::Body<Ask> in, sp::Codes codes, sp::Db& db) {
  const auto code = sp::OneTimeCode<6>::random();
  co_await db.run(
      "INSERT INTO pending (email, digest) VALUES (?, ?) ON CONFLICT (email) DO UPDATE SET digest = excluded.digest",
      in->email, codes.digest(code, in->email, "withdraw money", 10min));
  co_return Reply{code.to_send()};  // the test's mailbox
}
sp::Task<sp::NoContent> withdraw(sp::Body<Withdraw> in, sp::CodeAttempt attempt, sp::Db& db) {
  const auto kept = co_await db.maybe<std::string>("SELECT digest FROM pending WHERE email = ?", in->email);
  if (!co_await attempt.matches(in->code, kept.value_or(""), "withdraw money"))
    throw sp::Problem(403, "Wrong or old code");
  co_await db.run("INSERT INTO withdrawals (email) VALUES (?)", in->email);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"-- pending.email is not an owner: a code may be asked for before there is an account\n"
       "CREATE TABLE pending (email TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT",
       "-- withdrawals.email is not an owner: the payments go to addresses without accounts\n"
       "CREATE TABLE withdrawals (email TEXT NOT NULL) STRICT"});
  app.post("/ask", sp::anyone("for the withdrawal"), ask);
  app.post("/withdraw", sp::anyone("the code proves it"), sp::attempts{.max = 5, .per = 15min}, withdraw);
  return app.run();
}
