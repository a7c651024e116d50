// M5 sessions and proofs: Awaits attempt.password, writes the outcome to a log, and answers what is private. Should happen: does not compile or answers 401.
// Request: POST /vault with a wrong password: the vault?
#include "service.hpp"

#include <cstdio>

sp::Task<sp::Response> vault(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  const sp::Response answer = co_await attempt.password(in->email, in->password);
  if (answer.status() == 401) std::fputs("wrong password\n", stderr);
  co_return sp::Response::text("what is in the vault");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/vault", sp::anyone("asks for the password"), sp::attempts{.max = 5, .per = 15min}, vault);
  return app.run();
}
