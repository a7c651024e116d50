// code: AUTHZ-001
// cases: 6
// A route that does not say who may call it.
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
  app.get("/a", sp::anyone("for the test of this rule"), [] { return sp::NoContent{}; });
  app.get("/b", sp::signed_in, [] { return sp::NoContent{}; });
  app.get("/c", sp::role("admin"), [] { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", [] { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/a", sp::attempts{.max = 5}, sign_in);
#elif CASE == 3
  app.del("/a", "signed_in", [] { return sp::NoContent{}; });
#elif CASE == 4
  app.put("/a", true, [](sp::Db&) { return sp::NoContent{}; });
#elif CASE == 5
  app.files("/a", "public");
#elif CASE == 6
  app.files("/a", std::string("public"), "public");
#endif
}
