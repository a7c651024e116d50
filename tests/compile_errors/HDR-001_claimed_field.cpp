// code: HDR-001
// cases: 6
// A field that the kernel writes itself.
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
  static_cast<void>(sp::Response::empty().header("X-Total-Count", "7"));
#elif CASE == 1
  static_cast<void>(sp::Response::empty().header("Content-Security-Policy", "default-src *"));
#elif CASE == 2
  static_cast<void>(sp::Response::empty().header("set-cookie", "a=b"));
#elif CASE == 3
  static_cast<void>(sp::Response::empty().header("X-FRAME-OPTIONS", "ALLOWALL"));
#elif CASE == 4
  static_cast<void>(sp::Response::empty().header("Location", "https://evil.example"));
#elif CASE == 5
  static_cast<void>(sp::Response::empty().header("Access-Control-Allow-Origin", "*"));
#elif CASE == 6
  static_cast<void>(sp::Response::empty().header("Refresh", "0; url=https://evil.example"));
#endif
}
