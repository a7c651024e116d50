// What the programs of this folder share: a note, its table, and the routes that make accounts and notes.
#pragma once

#include <sallyport/sallyport.hpp>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
  std::string body;
};
template <>
struct sp::view<Note> {
  using show = fields<&Note::id, &Note::title, &Note::body>;
  using hidden = fields<&Note::owner>;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};

struct Reply {
  std::string text;
};
template <>
struct sp::view<Reply> {
  using show = fields<&Reply::text>;
};

struct SignUp {
  sp::Line<1, 80> name;
  sp::Email email;
  sp::NewPassword password;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct NewNote {
  sp::Line<1, 200> title;
  sp::Text<0, 10'000> body;
};

inline sp::Task<sp::Response> sign_up(sp::Body<SignUp> in, sp::SignUpAttempt attempt) {
  co_return co_await attempt.create(in->name, in->email, in->password);
}
inline sp::Task<sp::Response> sign_in(sp::Body<SignIn> in, sp::SignInAttempt attempt) {
  co_return co_await attempt.password(in->email, in->password);
}
inline sp::Task<sp::Created<Note>> add_note(sp::Body<NewNote> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db.one<Note>("INSERT INTO notes (id, owner, title, body) VALUES (?, ?, ?, ?) RETURNING *",
                                  sp::Id<Note>::random(), me.id, in->title, in->body);
}

/// POST /users, /login and /notes, and the table of notes.
inline void begin(sp::App& app) {
  app.migrate(
      {"CREATE TABLE notes (id BLOB PRIMARY KEY, owner BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE "
       "CASCADE, title TEXT NOT NULL, body TEXT NOT NULL) STRICT"});
  app.post("/users", sp::anyone("the sign-up form"), sp::attempts{.max = 5, .per = 15min}, sign_up);
  app.post("/login", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 15min}, sign_in);
  app.post("/notes", sp::signed_in, add_note);
}
