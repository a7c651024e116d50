// code: OWN-006
// cases: 4
// Who reaches every row says why.
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

void handle(const sp::Db& reader) {
  (void)reader.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"the guestbook is public">);
#if CASE == 1
  (void)reader.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"">);
#elif CASE == 2
  (void)reader.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"because">);
#elif CASE == 3
  (void)reader.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"none none none">);
#elif CASE == 4
  (void)reader.all<Note>("SELECT * FROM notes LIMIT 100", sp::every_owner<"                    ">);
#endif
}
