// Six digits of its own, drawn from mt19937 and compared as a number.
#include "../round-2/service.hpp"

#include <random>

struct Confirm {
  sp::Email email;
  sp::Int<100'000, 999'999> digits;
};
sp::Task<Reply> confirm(sp::Body<Confirm> in, sp::Db& db) {
  static std::mt19937 draw(42);
  const auto kept = co_await db.maybe<std::int64_t>("SELECT digits FROM pending WHERE email = ?", in->email);
  if (!kept) {
    co_await db.run("INSERT INTO pending (email, digits) VALUES (?, ?)", in->email,
                    static_cast<std::int64_t>(100'000 + draw() % 900'000));
    throw sp::Problem(403, "Look into your mailbox");
  }
  if (*kept != in->digits.value()) throw sp::Problem(403, "Wrong digits");
  co_return Reply{"confirmed"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"-- pending.email is not an owner: a code may be asked for before there is an account\n"
       "CREATE TABLE pending (email TEXT PRIMARY KEY, digits INTEGER NOT NULL) STRICT"});
  app.post("/confirm", sp::anyone("the code proves it"), confirm);
  return app.run();
}
