// code: AUTHZ-002
// cases: 10
// A public route without a reason worth reading.
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
  app.get("/b", sp::anyone("the manual"), [] { return sp::NoContent{}; });
  app.get("/a", sp::anyone("for the test of this rule"), [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::anyone(""), [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::anyone("public"), [] { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::anyone("          "), [] { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::anyone("...................."), [] { return sp::NoContent{}; });
#elif CASE == 5
  app.get("/a", sp::anyone("publicpublic"), [] { return sp::NoContent{}; });
#elif CASE == 6
  app.get("/a", sp::anyone("todo todo todo"), [] { return sp::NoContent{}; });
#elif CASE == 7
  app.get("/a", sp::anyone("xxxxxxxxxx xxxxxxxxxxx"), [] { return sp::NoContent{}; });
#elif CASE == 8
  app.get("/a", sp::anyone("foo bar baz foo"), [] { return sp::NoContent{}; });
#elif CASE == 9
  app.get("/a", sp::anyone(), [] { return sp::NoContent{}; });
#elif CASE == 10
  app.get("/a", sp::anyone("1234567890 1234567890"), [] { return sp::NoContent{}; });
#endif
}
