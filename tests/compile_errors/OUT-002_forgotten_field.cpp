// code: OUT-002
// cases: 4
// A view that does not say of every field whether it is public.
#include <sallyport/json.hpp>

#include <string>

namespace sp = sallyport;

struct Other {
  std::string owner;
};
struct Note {
  std::string title;
  std::string body;
  std::string owner;
};
template <>
struct sp::view<Note> {
#if CASE == 1  // the field that was added last
  using show = fields<&Note::title, &Note::body>;
#elif CASE == 2  // with a list of hidden ones
  using show = fields<&Note::title>;
  using hidden = fields<&Note::owner>;
#elif CASE == 3  // the count is right, the struct is another
  using show = fields<&Note::title, &Note::body>;
  using hidden = fields<&Other::owner>;
#else
  using show = fields<&Note::title, &Note::body>;
  using hidden = fields<&Note::owner>;
#endif
};

std::string answer(const Note& note) {
  std::string out;
  sp::to_json(out, note);
  return out;
}

#if CASE == 4  // in a route
#include <sallyport/router.hpp>

struct Grown {
  std::string title;
  std::string draft;
};
template <>
struct sp::view<Grown> {
  using show = fields<&Grown::title>;
};
void routes(sp::Router& app) {
  app.get("/a", sp::signed_in, [] { return Grown{}; });
}
#endif
