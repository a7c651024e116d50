// code: HANDLER-003
// cases: 2
// A handler that smuggles something in.
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
  app.get("/a", sp::signed_in,
          [](sp::State<const int> n) { return sp::Response::text(std::string(static_cast<std::size_t>(*n), 'x')); });
#elif CASE == 1
  int n = 0;
  app.get("/a", sp::signed_in, [&n] {
    ++n;
    return sp::NoContent{};
  });
#elif CASE == 2
  std::string name;
  app.get("/a", sp::signed_in, [name] { return sp::Response::text(name); });
#endif
}
