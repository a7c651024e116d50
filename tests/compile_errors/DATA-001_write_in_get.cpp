// code: DATA-001
// cases: 4
// A GET handler that can write.
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

// A parameter of the application's own, and one that is made of it.
struct Visit {
  int number;
  static sp::Task<Visit> from(sp::SignedIn, sp::Db&) { co_return Visit{1}; }
};
struct Greeting {
  int number;
  static Greeting from(Visit visit) { return {visit.number}; }
};

void routes(sp::Router& app) {
  static_cast<void>(app);
#ifndef CASE
  app.get("/a", sp::signed_in, [](const sp::Db&) { return sp::NoContent{}; });
  app.post("/a", sp::signed_in, [](sp::Db&) { return sp::NoContent{}; });
  app.post("/visit", sp::signed_in, [](Greeting) { return sp::NoContent{}; });
#elif CASE == 1
  app.get("/a", sp::signed_in, [](sp::Db&) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/a", sp::signed_in, [](sp::SignedIn me, sp::Db& db) -> sp::Task<sp::NoContent> {
    co_await db.run("DELETE FROM notes WHERE owner = ?", me.id);
    co_return {};
  });
#elif CASE == 3
  app.get("/visit", sp::signed_in, [](Visit) { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/visit", sp::signed_in, [](Greeting) { return sp::NoContent{}; });
#endif
}
