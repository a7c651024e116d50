// code: HDR-002
// cases: 7
// A field name that is no token.
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
  static_cast<void>(sp::Response::empty().header("X Total", "7"));
#elif CASE == 2
  static_cast<void>(sp::Response::empty().header("", "7"));
#elif CASE == 3
  static_cast<void>(sp::Response::empty().header("A\r\nB", "7"));
#elif CASE == 4
  const std::string name = "X-Total";
  static_cast<void>(sp::Response::empty().header(name, "7"));
#elif CASE == 5
  static_cast<void>(sp::Response::empty().header(std::string("X-") + "Total", "7"));
#elif CASE == 6
  static char name[] = "X-Total";
  static_cast<void>(sp::Response::empty().header(name, "7"));
#elif CASE == 7
  static constexpr std::string_view name = "X-Total";
  static_cast<void>(sp::Response::empty().header(name, "7"));
#endif
}
