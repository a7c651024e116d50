// Who buys: to sign up, in and out.
#include "model.hpp"
#include "routes.hpp"

namespace shop {
namespace {

using namespace std::chrono_literals;

sp::Task<sp::Response> sign_up(sp::Body<SignUp> in, sp::SignUpAttempt attempt) {
  co_return co_await attempt.create(in->name, in->email, in->password);
}
sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}
sp::Response sign_out(sp::CurrentSession session) { return session.sign_out(); }

}  // namespace

void accounts(sp::App& app) {
  app.post("/users", sp::anyone("the sign-up form"), sp::attempts{.max = 5, .per = 15min}, sign_up);
  app.post("/login", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 15min}, sign_in);
  app.post("/logout", sp::signed_in, sign_out);
}

}  // namespace shop
