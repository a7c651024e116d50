// code: AUTHZ-012
// cases: 3
// Who lets others name an object says why.
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
struct Comment {
  sp::Id<Note> note;
};

void routes(sp::Router& app) {
  app.post("/a", sp::signed_in, sp::shared<Note>("readers may comment"),
           [](sp::Body<Comment>) { return sp::NoContent{}; });
#if CASE == 1
  app.post("/x", sp::signed_in, sp::shared<Note>(""), [](sp::Body<Comment>) { return sp::NoContent{}; });
#elif CASE == 2
  app.post("/x", sp::signed_in, sp::shared<Note>("because"), [](sp::Body<Comment>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/x", sp::signed_in, sp::shared<Note>("                 "),
           [](sp::Body<Comment>) { return sp::NoContent{}; });
#endif
}
