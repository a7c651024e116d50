// code: OUT-003
// cases: 3
// A view that names a field twice.
#include <sallyport/json.hpp>

#include <string>

namespace sp = sallyport;

struct Note {
  std::string title;
  std::string body;
};
template <>
struct sp::view<Note> {
#if CASE == 1
  using show = fields<&Note::title, &Note::title>;
#elif CASE == 2
  using show = fields<&Note::title, &Note::body>;
  using hidden = fields<&Note::body>;
#elif CASE == 3
  using show = fields<&Note::title>;
  using hidden = fields<&Note::body, &Note::body>;
#else
  using show = fields<&Note::title>;
  using hidden = fields<&Note::body>;
#endif
};

std::string answer(const Note& note) {
  std::string out;
  sp::to_json(out, note);
  return out;
}
