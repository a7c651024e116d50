// M5 sessions and proofs: Asks for the password before the account is deleted, and forgets the if. Should happen: does not compile or answers 401.
// Request: POST /goodbye as Alice with a wrong password: is the account gone?
#include "service.hpp"

sp::Task<sp::Response> goodbye(sp::Body<SignIn> in, sp::SignInAttempt attempt, sp::CurrentSession session) {
  auto proof = co_await attempt.try_password(in->email, in->password);
  co_return session.delete_account();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/goodbye", sp::signed_in, sp::attempts{.max = 5, .per = 15min}, goodbye);
  return app.run();
}
