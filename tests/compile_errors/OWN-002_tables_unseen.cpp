// code: OWN-002
// cases: 5
// The tables of a query can be seen.
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

void handle(const sp::Db& reader, sp::SignedIn me) {
  (void)reader.all<Note>("SELECT n.* FROM notes AS n JOIN tags ON tags.note = n.id WHERE n.owner = ?", me.id);
  (void)reader.all<Note>("WITH mine AS (SELECT * FROM notes WHERE owner = ?) SELECT * FROM mine", me.id);
#if CASE == 1
  (void)reader.all<Note>("SELECT * FROM (notes JOIN tags) WHERE owner = ?", me.id);
#elif CASE == 2
  (void)reader.all<Note>("SELECT * FROM 'notes' WHERE owner = ?", me.id);
#elif CASE == 3
  (void)reader.all<std::string>("SELECT title FROM tags WHERE id IN notes");
#elif CASE == 4
  (void)reader.all<Note>("WITH notes AS (SELECT * FROM other) SELECT * FROM notes WHERE owner = ?", me.id);
#elif CASE == 5
  (void)reader.all<Note>("SELECT * FROM notes, tags AS notes WHERE notes.owner = ?", me.id);
#endif
}
