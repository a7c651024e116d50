// The code that is sent is also logged, for the support.
#include "../round-2/service.hpp"

struct Ask {
  sp::Email email;
};
void send_mail(const sp::Email&, const std::string&) {}  // hands it to the mail server
sp::Task<sp::NoContent> ask(sp::Body<Ask> in, sp::Codes codes, sp::Db& db, sp::Log& log) {
  const auto code = sp::OneTimeCode<6>::random();
  co_await db.run(
      "INSERT INTO pending (email, digest) VALUES (?, ?) ON CONFLICT (email) DO UPDATE SET digest = excluded.digest",
      in->email, codes.digest(code, in->email, "confirm an address", 10min));
  log.info("code_sent", {{"to", in->email}, {"digits", code.to_send()}});
  send_mail(in->email, code.to_send());
  co_return {};
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
