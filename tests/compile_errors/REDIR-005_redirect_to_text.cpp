// code: REDIR-005
// cases: 5
// A redirect to text.
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
  static_cast<void>(sp::Response::see_other(sp::local_url<"/notes/{}">("x")));
#elif CASE == 1
  const std::string target = "https://evil.example";
  static_cast<void>(sp::Response::see_other(target));
#elif CASE == 2
  static_cast<void>(sp::Response::see_other(std::string_view("//evil.example")));
#elif CASE == 3
  static char target[16] = "/x";
  static_cast<void>(sp::Response::see_other(target));
#elif CASE == 4
  const std::string icon = "/x";
  static_cast<void>(sp::Page{.title = "x", .scripts = {icon}});
#elif CASE == 5
  const char* const style = "/x";
  static_cast<void>(sp::Page{.title = "x", .stylesheets = {style}});
#endif
}
