// M5 sessions and proofs: Confirms a deletion with a password, but never asks whether it is the caller's. Should happen: does not compile or answers 401.
// Request: POST /goodbye with Alice's session (left open in a library), e-mail and password of Mallory: is Alice's account gone?
#include "service.hpp"

sp::Task<sp::Response> goodbye(sp::Body<SignIn> in, sp::SignInAttempt attempt, sp::CurrentSession session) {
  const sp::Proof proof = co_await attempt.try_password(in->email, in->password);
  if (!proof) co_return sp::Problem(401, "Wrong password");
  co_return session.delete_account();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/goodbye", sp::signed_in, sp::attempts{.max = 5, .per = 15min}, goodbye);
  return app.run();
}
