// code: ERR-002
// cases: 9
// An exception's text on its way into an answer.
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
  static_cast<void>(sp::Problem(409, "Title taken", "Choose another."));
#elif CASE == 1
  try {
  } catch (const std::exception& error) {
    throw sp::Problem(500, error.what());
  }
#elif CASE == 2
  const std::string text = "user text";
  static_cast<void>(sp::Problem(400, text));
#elif CASE == 3
  const std::string text = "user text";
  static_cast<void>(sp::Problem(400, std::string_view(text)));
#elif CASE == 4
  char text[64] = "user text";
  throw sp::Problem(400, text);
#elif CASE == 5
  static char text[64] = "user text";
  throw sp::Problem(400, text);
#elif CASE == 6
  static constexpr std::string_view text = "user text";
  throw sp::Problem(400, text);
#elif CASE == 7
  const std::string text = "user text";
  throw sp::Problem(400, "Bad", text);
#elif CASE == 8
  const std::string text = "user text";
  throw sp::Problem(400, "Bad", text.c_str());
#elif CASE == 9
  const auto text = [] { return std::array<char, 4>{"bad"}; };
  throw sp::Problem(400, text().data());
#endif
}
