// code: AUTHZ-003
// cases: 3
// A handler that needs to know who calls, on a route that anyone may call.
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

struct Plan {
  bool paid;
  static Plan from(sp::SignedIn me) { return {!me.role.empty()}; }
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::signed_in, [](sp::SignedIn) { return sp::NoContent{}; });
  app.get("/b", sp::anyone("for the test of this rule"), [](sp::Maybe<sp::SignedIn>) { return sp::NoContent{}; });
  app.get("/plan", sp::signed_in, [](Plan) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone("for the test of this rule"), [](sp::SignedIn) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::anyone("for the test of this rule"),
           [](sp::CurrentSession session) { return session.sign_out(); });
#elif CASE == 3
  app.get("/plan", sp::anyone("for the test of this rule"), [](Plan) { return sp::NoContent{}; });
#endif
}
