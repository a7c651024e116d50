// code: CORS-004
// cases: 5
// Every origin may read what is not for everybody, or answers that set cookies.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct SignIn {
  sp::Email email;
  sp::Password password;
};
[[maybe_unused]] static sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}

void routes(sp::Router& app) {
#ifndef CASE
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors_any, [] { return sp::NoContent{}; });
  app.get("/b", sp::signed_in, sp::cors<"https://app.example">, [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::signed_in, sp::cors_any, [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::role("admin"), sp::cors_any.expose_headers<"X-Total-Count">(), [] { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{.max = 5, .per = 15min}, sp::cors_any, sign_in);
#elif CASE == 4
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors_any, [](sp::CsrfToken) { return sp::NoContent{}; });
#elif CASE == 5
  app.get("/a", sp::anyone("for the test of this rule"), sp::cors_any,
          [](sp::Cookie<"theme", sp::Line<1, 20>>) { return sp::NoContent{}; });
#endif
}
