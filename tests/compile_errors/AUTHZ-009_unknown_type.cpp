// code: AUTHZ-009
// cases: 2
// The id of a type that this file does not know.
#include <sallyport/sallyport.hpp>

namespace sp = sallyport;

struct Note {
  sp::Id<Note> id;
  sp::Id<sp::User> owner;
  std::string title;
};
template <>
struct sp::view<Note> {
  using show = fields<&Note::id, &Note::title>;
  using hidden = fields<&Note::owner>;
};
template <>
struct sp::entity<Note> : sp::table<"notes", &Note::id, &Note::owner> {};
struct Elsewhere;
struct Names {
  sp::Id<Elsewhere> other;
};

void routes(sp::Router& app) {
  app.post("/a", sp::role("admin"), [](sp::Body<Names>) { return sp::NoContent{}; });
  app.post("/b", sp::signed_in, sp::shared<Elsewhere>("its own routes look at it"),
           [](sp::Body<Names>) { return sp::NoContent{}; });
#if CASE == 1
  app.get("/x/:id", sp::signed_in, [](sp::Path<"id", sp::Id<Elsewhere>>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/x", sp::anyone("for everybody here"), [](sp::Body<Names>) { return sp::NoContent{}; });
#endif
}
