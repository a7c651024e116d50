// M5 sessions and proofs: Asks for the password again before an export, and forgets to look at the proof. Should happen: does not compile or answers 401.
// Request: POST /export with a wrong password: the export?
#include "service.hpp"

sp::Task<sp::Response> export_all(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  const auto proof = co_await attempt.try_password(in->email, in->password);
  co_return sp::Response::text("everything that is private");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/export", sp::anyone("asks for the password"), sp::attempts{.max = 5, .per = 15min}, export_all);
  return app.run();
}
