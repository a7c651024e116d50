// code: AUTHZ-007
// cases: 2
// An object with an owner, reached by its id alone.
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
  app.get("/a/:id", sp::owner<Note>, [](sp::Owned<Note> note) { return *note; });
#elif CASE == 1
  app.get("/a/:id", sp::signed_in, [](sp::Path<"id", sp::Id<Note>> id, const sp::Db& db) -> sp::Task<Note> {
    co_return co_await db.one<Note>("SELECT * FROM notes WHERE id = ?", *id, sp::every_owner<"left to the policy">);
  });
#elif CASE == 2
  app.del("/a/:id", sp::signed_in, [](sp::Path<"id", sp::Id<Note>> id, sp::Db& db) -> sp::Task<sp::NoContent> {
    co_await db.run("DELETE FROM notes WHERE id = ?", *id, sp::every_owner<"left to the policy">);
    co_return {};
  });
#endif
}
