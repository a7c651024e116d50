// code: LIMIT-011
// cases: 3
// A handler that attempts two things, of which one would not be counted.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct SignUp {
  sp::Email email;
  sp::NewPassword password;
};
struct Typed {
  sp::Email email;
  sp::OneTimeCode<6> code;
};
constexpr sp::anyone why("for the test of this rule");

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/signin", why, sp::attempts{.max = 5, .per = 15min},
           [](sp::Body<SignIn> in, sp::SignInAttempt attempt) { return attempt.password(in->email, in->password); });
  app.post("/code", why, sp::attempts{.max = 5, .per = 15min},
           [](sp::Body<Typed> in, sp::CodeAttempt attempt) -> sp::Task<sp::NoContent> {
             const auto right = co_await attempt.matches(in->code, "", "confirm an address");
             if (!right) throw sp::Problem(403, "Wrong or old code");
             co_return sp::NoContent{};
           });
#elif CASE == 1
  app.post("/a", why, sp::attempts{}, [](sp::Body<SignIn> in, sp::SignInAttempt first, sp::SignInAttempt) {
    return first.password(in->email, in->password);
  });
#elif CASE == 2
  app.post("/a", why, sp::attempts{},
           [](sp::Body<Typed>, sp::SignInAttempt, sp::CodeAttempt) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", why, sp::attempts{}, [](sp::Body<SignUp> in, sp::SignUpAttempt sign_up, sp::SignInAttempt) {
    return sign_up.create("A Name", in->email, in->password);
  });
#endif
}
