// code: ID-001
// cases: 5
// The id of one type where that of another is asked for.
#include <sallyport/id.hpp>

namespace sp = sallyport;

struct Note {};
struct User {};

bool load(sp::Id<Note>);

bool use(sp::Id<Note> note, sp::Id<User> user) {
  bool same = load(note) && note == note && user == user;
#if CASE == 1
  same = load(user);
#elif CASE == 2
  sp::Id<Note> other = user;
  same = load(other);
#elif CASE == 3
  note = user;
#elif CASE == 4
  same = note == user;
#elif CASE == 5
  same = note != user;
#endif
  return same;
}
