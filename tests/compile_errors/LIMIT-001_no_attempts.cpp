// code: LIMIT-001
// cases: 4
// A route that can verify passwords and does not say how often.
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

struct Door {
  int open;
  static Door from(sp::SignInAttempt) { return {1}; }
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.post("/a", sp::anyone("for the test of this rule"), sp::attempts{.max = 5, .per = 15min}, sign_in);
  app.post("/door", sp::anyone("for the test of this rule"), sp::attempts{.max = 5, .per = 15min},
           [](Door, sp::Body<SignIn>) { return sp::NoContent{}; });
#elif CASE == 1
  app.post("/a", sp::anyone("for the test of this rule"), sign_in);
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::Body<SignIn>, sp::SignUpAttempt) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/a", sp::signed_in, [](sp::Body<SignIn>, sp::CodeAttempt) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/door", sp::anyone("for the test of this rule"), [](Door, sp::Body<SignIn>) { return sp::NoContent{}; });
#endif
}
