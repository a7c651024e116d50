// code: PROOF-001
// cases: 7
// A session without a proof, or with one that is not the kernel's or is used twice.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct SignUp {
  sp::Line<1, 80> name;
  sp::Email email;
  sp::NewPassword password;
};
struct Forgotten {
  sp::Email email;
};

#ifndef CASE
[[maybe_unused]] static sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}
[[maybe_unused]] static sp::Task<sp::Response> sign_in_by_page(sp::TryForm<SignIn> in, sp::SignInAttempt attempt) {
  sp::Page again{.title = "Sign in", .body = sp::html<"<p>Wrong e-mail or password.</p>">(), .status = 401};
  if (!in) co_return again;
  co_return co_await attempt.password(in->email, in->password, sp::Response::see_other("/"), std::move(again));
}
[[maybe_unused]] static sp::Task<sp::Response> sign_in_and_greet(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  sp::Proof proof = co_await attempt.try_password(in->email, in->password);
  if (!proof) co_return sp::Problem(401, "That was not it");
  const std::string greeting = "Hello, " + proof.user().name;
  co_return std::move(proof).begin_session(sp::Response::text(greeting));
}
[[maybe_unused]] static sp::Task<sp::Response> sign_up(sp::Body<SignUp> in, sp::SignUpAttempt attempt) {
  co_return co_await attempt.create(in->name, in->email, in->password, sp::Response::see_other("/welcome"));
}
[[maybe_unused]] static sp::Task<sp::Created<sp::User>> sign_up_only(sp::Body<SignUp> in, sp::SignUpAttempt attempt) {
  const sp::Proof proof = co_await attempt.try_create(in->name, in->email, in->password);
  co_return proof.user();
}
#elif CASE == 1
sp::Task<sp::Response> reset(sp::Body<Forgotten> in, sp::SignInAttempt attempt, sp::Db& db) {
  auto user =
      co_await db.one<sp::User>("SELECT id, name, email, role FROM sallyport_people WHERE email = ?", in->email.view());
  co_return attempt.succeeded(user);
}
#elif CASE == 2
sp::Response reset(sp::Body<Forgotten>, sp::SignInAttempt attempt) {
  return attempt.succeeded(sp::User{}, sp::Response::see_other("/"));
}
#elif CASE == 3
sp::Response somebody(const sp::User& user) { return sp::Proof{user}.begin_session(); }
#elif CASE == 4
sp::Task<sp::Response> twice(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  auto proof = co_await attempt.try_password(in->email, in->password);
  auto copy = proof;
  co_return std::move(copy).begin_session();
}
#elif CASE == 5
sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  auto proof = co_await attempt.try_password(in->email, in->password);
  co_return proof.begin_session();
}
#elif CASE == 6
sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  const auto proof = co_await attempt.try_password(in->email, in->password);
  co_return proof.begin_session(sp::Response::see_other("/"));
}
#elif CASE == 7
sp::Proof forged() { return sp::Proof({}, sp::Problem(401, "x"), true); }
#endif
