// code: OWN-005
// cases: 5
// An INSERT that meets another owner's row leaves it alone.
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

void handle(sp::Db& db, sp::SignedIn me, sp::Id<Note> id, std::string text) {
  (void)db.run(
      "INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = "
      "excluded.title WHERE notes.owner = excluded.owner",
      id, me.id, text);
  (void)db.run(
      "INSERT INTO notes (day, owner, title) VALUES (1, ?, ?) ON CONFLICT (owner, day) DO UPDATE SET title = "
      "excluded.title",
      me.id, text);
  (void)db.run("INSERT INTO notes (id, owner) VALUES (?, ?) ON CONFLICT DO NOTHING", id, me.id);
#if CASE == 1
  (void)db.run(
      "INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = excluded.title", id,
      me.id, text);
#elif CASE == 2
  (void)db.run("INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET title = ?", id, me.id,
               text, text);
#elif CASE == 3
  (void)db.run(
      "INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = "
      "excluded.title WHERE owner = owner",
      id, me.id, text);
#elif CASE == 4
  (void)db.run(
      "INSERT INTO notes (id, owner, title) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET title = "
      "excluded.title WHERE notes.id = excluded.id",
      id, me.id, text);
#elif CASE == 5
  (void)db.run(
      "insert into \"notes\" (id, owner, title) values (?, ?, ?) on conflict (id) do update set title = 'x' where "
      "notes.owner <> excluded.owner",
      id, me.id, text);
#endif
}
