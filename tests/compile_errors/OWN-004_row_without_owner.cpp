// code: OWN-004
// cases: 6
// A new row says whose it is.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
struct Item {
  sp::Id<Item> id;
  sp::Id<Note> note;
  std::string text;
};
template <>
struct sp::entity<Item> : sp::table<"items", &Item::id> {};

void handle(sp::Db& db, sp::SignedIn me, sp::Owned<Note> note, sp::Id<Note> other, std::string text) {
  (void)db.one<Note>("INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) RETURNING *", sp::Id<Note>::random(), me.id,
                     text);
  (void)db.run("INSERT INTO items (id, note, text) VALUES (?, ?, ?)", sp::Id<Item>::random(), note.id(), text);
#if CASE == 1
  (void)db.one<Note>("INSERT INTO notes (id, title) VALUES (?, ?) RETURNING *", sp::Id<Note>::random(), text);
#elif CASE == 2
  (void)db.one<Note>("INSERT INTO notes VALUES (?, ?, ?) RETURNING *", sp::Id<Note>::random(), me.id, text);
#elif CASE == 3
  (void)db.run("INSERT INTO notes (id, owner, title) VALUES (?, ?, ?)", sp::Id<Note>::random(), text, text);
#elif CASE == 4
  (void)db.run("INSERT INTO items (id, note, text) VALUES (?, ?, ?)", sp::Id<Item>::random(), other, text);
#elif CASE == 5
  (void)db.one<Note>(
      "INSERT INTO notes (id, owner, title) SELECT id, owner, title FROM drafts WHERE id = ? RETURNING *", other);
#elif CASE == 6
  (void)db.run("INSERT INTO notes (id, owner) VALUES (?, ?), (?, x'00')", other, me.id, other);
#endif
}
