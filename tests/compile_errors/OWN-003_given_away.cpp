// code: OWN-003
// cases: 4
// A change leaves rows with their owner.
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

void handle(sp::Db& db, sp::SignedIn me, sp::Owned<Note> note, sp::Id<sp::User> friend_of_mine, sp::Id<Item> item,
            sp::Id<Note> other) {
  (void)db.run("UPDATE notes SET title = 'mine' WHERE id = ?", note.id());
  (void)db.run("UPDATE items SET note = ? WHERE id = ? AND note = ?", note.id(), item, note.id());
  (void)db.run("UPDATE notes SET owner = ? WHERE id = ?", friend_of_mine, note.id(),
               sp::every_owner<"the new owner has asked for it">);
#if CASE == 1
  (void)db.run("UPDATE notes SET owner = ? WHERE id = ?", friend_of_mine, note.id());
#elif CASE == 2
  (void)db.all<Note>("UPDATE notes SET title = 'x', \"Owner\" = ? WHERE owner = ? RETURNING *", friend_of_mine, me.id);
#elif CASE == 3
  (void)db.run("UPDATE notes SET (title, owner) = ('x', ?) WHERE id = ?", friend_of_mine, note.id());
#elif CASE == 4
  (void)db.run("UPDATE items SET note = ? WHERE id = ? AND note = ?", other, item, note.id());
#endif
}
