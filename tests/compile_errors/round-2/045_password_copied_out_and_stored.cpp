// M5 sessions and proofs: Copies the password out of expose and stores it as text. Should happen: does not compile.
// Request: POST /members {"email":"a@x.example","password":"a long walk by the river"}: is it in the file of the database?
#include "service.hpp"

sp::Task<sp::NoContent> join(sp::Body<SignIn> in, sp::Db& db) {
  std::string plain;
  in->password.expose([&](auto bytes) { plain.assign(bytes.begin(), bytes.end()); });
  co_await db.run("INSERT INTO members (email, pw) VALUES (?, ?)", in->email, plain);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE members (email TEXT PRIMARY KEY, pw TEXT NOT NULL) STRICT"});
  app.post("/members", sp::anyone("the sign-up form"), join);
  return app.run();
}
