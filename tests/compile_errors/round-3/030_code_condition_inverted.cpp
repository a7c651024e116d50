// The condition is the wrong way round: a wrong code passes, the right one is refused.
#include "../round-2/service.hpp"

struct Confirm {
  sp::Email email;
  sp::OneTimeCode<6> code;
};
sp::Task<Reply> confirm(sp::Body<Confirm> in, sp::CodeAttempt attempt, sp::Db& db) {
  const auto kept = co_await db.maybe<std::string>("SELECT digest FROM pending WHERE email = ?", in->email);
  if (co_await attempt.matches(in->code, kept.value_or(""), "confirm an address"))
    throw sp::Problem(403, "Wrong or old code");
  co_return Reply{"confirmed"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"-- pending.email is not an owner: a code may be asked for before there is an account\n"
       "CREATE TABLE pending (email TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT"});
  app.post("/confirm", sp::anyone("the code proves it"), sp::attempts{.max = 5, .per = 15min}, confirm);
  return app.run();
}
