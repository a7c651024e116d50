// The code itself is kept in the table until it is used.
#include "../round-2/service.hpp"

struct Ask {
  sp::Email email;
};
void send_mail(const sp::Email&, const std::string&) {}  // hands it to the mail server
sp::Task<sp::NoContent> ask(sp::Body<Ask> in, sp::Db& db) {
  const auto code = sp::OneTimeCode<6>::random();
  const std::string digits = code.to_send();
  co_await db.run(
      "INSERT INTO pending (email, digits) VALUES (?, ?) ON CONFLICT (email) DO UPDATE SET digits = excluded.digits",
      in->email, digits);
  send_mail(in->email, digits);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"-- pending.email is not an owner: a code may be asked for before there is an account\n"
       "CREATE TABLE pending (email TEXT PRIMARY KEY, digits TEXT NOT NULL) STRICT"});
  app.post("/ask", sp::anyone("somebody who signs up"), sp::limit{"ask", 5, 15min}, ask);
  return app.run();
}
