// What the notes service keeps, and what it takes.
#pragma once

#include <sallyport/sallyport.hpp>

namespace notes {

namespace sp = sallyport;

// --- Inputs: the struct is the schema. A member that is not named here does not get in.

struct SignUp {
  sp::Line<1, 80> name;
  sp::Email email;
  sp::NewPassword password;
};
// What signing up answers.
struct SignedUp {
  std::string email;
  std::string message;
};
struct SignIn {
  sp::Email email;
  sp::Password password;
};
struct NewNote {
  sp::Line<1, 200> title;
  sp::Text<0, 10'000> body;
};
struct Search {
  sp::Line<0, 200> q;
};
struct NotesQuery {
  sp::Maybe<sp::Line<0, 200>> q;
};

// --- What is stored

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
  std::string body;
  std::int64_t updated_at;  // seconds since 1970
};

}  // namespace notes

template <>
struct sallyport::view<notes::SignedUp> {
  using show = fields<&notes::SignedUp::email, &notes::SignedUp::message>;
};
// What a client may see of it. A new field breaks the build until it is named here.
template <>
struct sallyport::view<notes::Note> {
  using show = fields<&notes::Note::id, &notes::Note::title, &notes::Note::body, &notes::Note::updated_at>;
  using hidden = fields<&notes::Note::owner>;
};

// Where it is stored, and who owns it: `Owned<Note>` is loaded and authorized by one statement made from this.
template <>
struct sallyport::entity<notes::Note> : sallyport::table<"notes", &notes::Note::id, &notes::Note::owner> {};
