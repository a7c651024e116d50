// code: HANDLER-012
// cases: 5
// A stream that would begin or end a session, or check a password or a code, when its head has gone.
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
struct Asked {
  sp::Email email;
};
struct Typed {
  sp::Email email;
  sp::OneTimeCode<6> code;
};
constexpr sp::anyone why("for the test of this rule");

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/out", sp::signed_in, [](sp::CurrentSession session) { return session.sign_out(); });
  app.get(
      "/export", sp::signed_in, [](sp::SignedIn me) -> sp::Stream<"text/plain"> { co_yield std::string(me.name); });
#elif CASE == 1
  app.post("/a", sp::signed_in, [](sp::CurrentSession session) -> sp::EventStream {
    co_yield sp::Event("bye");
    static_cast<void>(session.sign_out());
  });
#elif CASE == 2
  app.post(
      "/a", why, sp::attempts{}, [](sp::Body<SignIn> in, sp::SignInAttempt attempt) -> sp::Stream<"text/plain"> {
        const sp::Proof proof = co_await attempt.try_password(in->email, in->password);
        if (proof) co_yield "secret";
      });
#elif CASE == 3
  app.post("/a", why, sp::attempts{}, [](sp::Body<Typed> in, sp::CodeAttempt attempt) -> sp::EventStream {
    if (co_await attempt.matches(in->code, "", "confirm an address")) co_yield sp::Event("right");
  });
#elif CASE == 4
  app.post(
      "/a", why, sp::attempts{}, [](sp::Body<SignUp> in, sp::SignUpAttempt attempt) -> sp::Stream<"text/plain"> {
        const auto answer = co_await attempt.create("A Name", in->email, in->password);
        co_yield "welcome";
      });
#elif CASE == 5
  app.post(
      "/a", why, sp::limit{"codes", 5, std::chrono::seconds(60)},
      [](sp::Body<Asked> in, sp::Codes codes) -> sp::Stream<"text/plain"> {
        const auto code = sp::OneTimeCode<6>::random();
        static_cast<void>(codes.digest(code, in->email, "confirm an address", 10min));
        co_yield code.to_send();
      });
#endif
}
