// The password is taken out "for the old system" and kept in a table.
#include "../round-2/service.hpp"

struct Join {
  sp::Line<1, 80> name;
  sp::Email email;
  sp::NewPassword password;
};
sp::Task<sp::Response> join(sp::Body<Join> in, sp::SignUpAttempt attempt, sp::Db& db) {
  std::string typed;
  in->password.expose<"the old forum signs in with it too">(
      [&](auto bytes) { typed.assign(bytes.begin(), bytes.end()); });
  co_await db.run("INSERT INTO forum (email, pass) VALUES (?, ?)", in->email, typed);
  co_return co_await attempt.create(in->name, in->email, in->password);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"-- forum.email is not an owner: the accounts of the old forum are not ours\n"
       "CREATE TABLE forum (email TEXT PRIMARY KEY, pass TEXT NOT NULL) STRICT"});
  app.post("/join", sp::anyone("the sign-up form"), sp::attempts{.max = 5, .per = 15min}, join);
  return app.run();
}
