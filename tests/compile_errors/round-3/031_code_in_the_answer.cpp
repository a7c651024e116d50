// The code is answered to the browser, where the page compares it.
#include "../round-2/service.hpp"

struct Ask {
  sp::Email email;
};
struct Sent {
  std::string to;
  std::string expected;
};
template <>
struct sp::view<Sent> {
  using show = fields<&Sent::to, &Sent::expected>;
};
sp::Task<Sent> ask(sp::Body<Ask> in, sp::Codes codes, sp::Db& db) {
  const auto code = sp::OneTimeCode<6>::random();
  co_await db.run(
      "INSERT INTO pending (email, digest) VALUES (?, ?) ON CONFLICT (email) DO UPDATE SET digest = excluded.digest",
      in->email, codes.digest(code, in->email, "confirm an address", 10min));
  co_return Sent{std::string(in->email.view()), code.to_send()};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"-- pending.email is not an owner: a code may be asked for before there is an account\n"
       "CREATE TABLE pending (email TEXT PRIMARY KEY, digest TEXT NOT NULL) STRICT"});
  app.post("/ask", sp::anyone("somebody who signs up"), sp::limit{"ask", 5, 15min}, ask);
  return app.run();
}
