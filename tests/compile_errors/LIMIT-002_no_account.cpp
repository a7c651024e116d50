// code: LIMIT-002
// cases: 3
// Attempts that no account can be counted for.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::view<Note> {
  using show = fields<&Note::id, &Note::title>;
  using hidden = fields<&Note::owner>;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
struct NewNote {
  sp::Text<1, 200> title;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};
[[maybe_unused]] static sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/b", sp::signed_in, sp::attempts{}, [](sp::Body<NewNote>, sp::CodeAttempt) { return sp::NoContent{}; });
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{}, sign_in);
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{},
           [](sp::Body<NewNote>, sp::SignInAttempt) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{},
           [](sp::SignUpAttempt) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{},
           [](sp::Body<NewNote>, sp::CodeAttempt) { return sp::NoContent{}; });
#endif
}
