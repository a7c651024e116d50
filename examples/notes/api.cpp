// The JSON API: what each handler can see and do stands in its signature.
#include "api.hpp"

#include "store.hpp"

namespace notes {
namespace {

using namespace std::chrono_literals;

// The same for an address that has an account: nobody learns here who has one. Who has signed up signs in next.
sp::Task<sp::Response> sign_up(sp::Body<SignUp> in, sp::SignUpAttempt attempt) {
  const SignedUp answer{std::string(in->email.view()), "If the address was new, you can sign in now."};
  co_return co_await attempt.create_quietly(in->name, in->email, in->password, sp::Response::json(answer, 201));
}

sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}

sp::Response sign_out(sp::CurrentSession session) { return session.sign_out(); }

sp::User who_am_i(sp::SignedIn me) {
  return {.id = me.id, .name = std::string(me.name), .email = std::string(me.email), .role = std::string(me.role)};
}

sp::Task<sp::Rows<Note>> list(sp::SignedIn me, const sp::Db& db) { co_return co_await all_notes(db, me.id); }

sp::Task<sp::Created<Note>> add(sp::Body<NewNote> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await insert_note(db, me.id, *in);
}

Note show(sp::Owned<Note> note) { return *note; }  // another user's note is a 404, in one statement

sp::Task<Note> edit(sp::Owned<Note> note, sp::Body<NewNote> in, sp::Db& db) {
  co_return co_await update_note(db, note.id(), *in);
}

sp::Task<sp::NoContent> remove(sp::Owned<Note> note, sp::Db& db) {
  co_await delete_note(db, note.id());
  co_return {};
}

sp::Task<sp::Rows<Note>> search(sp::Query<Search> query, sp::SignedIn me, const sp::Db& db) {
  co_return co_await find_notes(db, me.id, query->q);
}

}  // namespace

sp::Router api() {
  sp::Router api;
  api.post("/users", sp::anyone("the sign-up form"), sp::attempts{.max = 5, .per = 15min}, sign_up);
  api.post("/login", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 15min}, sign_in);
  api.post("/logout", sp::signed_in, sign_out);
  api.get("/me", sp::signed_in, who_am_i);
  api.get("/notes", sp::signed_in, list);
  api.post("/notes", sp::signed_in, add);
  api.get("/notes/:id", sp::owner<Note>, show);
  api.put("/notes/:id", sp::owner<Note>, edit);
  api.del("/notes/:id", sp::owner<Note>, remove);
  api.get("/search", sp::signed_in, search);
  return api;
}

}  // namespace notes
