// code: OUT-001
// cases: 5
// An answer without a view.
#include <sallyport/json.hpp>

#include <string>

namespace sp = sallyport;

struct Note {
  std::string title;
};
struct Board {
  std::vector<Note> notes;
};
struct Plain {
  std::string title;
};
struct Wrapper {
  Plain plain;
};
template <>
struct sp::view<Note> {
  using show = fields<&Note::title>;
};
template <>
struct sp::view<Board> {
  using show = fields<&Board::notes>;
};
template <>
struct sp::view<Wrapper> {
  using show = fields<&Wrapper::plain>;
};

std::string answer() {
  std::string out;
  sp::to_json(out, Board{{Note{"a"}}});
#if CASE == 1
  sp::to_json(out, Plain{"a"});
#elif CASE == 2  // in a list
  sp::to_json(out, std::vector<Plain>{});
#elif CASE == 3  // inside a type that has a view
  sp::to_json(out, Wrapper{});
#elif CASE == 4  // in an optional
  sp::to_json(out, std::optional<Plain>{});
#endif
  return out;
}

#if CASE == 5  // in a route
#include <sallyport/router.hpp>

void routes(sp::Router& app) {
  app.get("/a", sp::signed_in, [] { return Plain{"a"}; });
}
#endif
