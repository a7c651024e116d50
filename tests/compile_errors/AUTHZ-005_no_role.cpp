// code: AUTHZ-005
// cases: 6
// A role without a name.
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
  app.get("/a", sp::role("admin"), [] { return sp::NoContent{}; });
  app.put("/a", sp::role("admin"), sp::gives("editor", "author"), [](sp::AccountsAdmin&) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::role(""), [] { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::role(" "), [] { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/a", sp::role("admin "), [] { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/a", sp::role("ad\nmin"), [] { return sp::NoContent{}; });
#elif CASE == 5
  app.put("/a", sp::role("admin"), sp::gives("editor", ""), [](sp::AccountsAdmin&) { return sp::NoContent{}; });
#elif CASE == 6
  app.put("/a", sp::role("admin"), sp::gives(" editor"), [](sp::AccountsAdmin&) { return sp::NoContent{}; });
#endif
}
