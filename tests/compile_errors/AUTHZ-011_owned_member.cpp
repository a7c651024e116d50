// code: AUTHZ-011
// cases: 4
// What a member of an input names is loaded from that input.
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
  sp::List<sp::Id<Note>, 4> more;
  sp::Line<1, 80> text;
};
struct Other {
  sp::Line<1, 80> text;
};

void routes(sp::Router& app) {
  app.post("/a", sp::signed_in, sp::shared<Note>("the others are only counted"),
           [](sp::Body<Comment>, sp::Owned<Note, &Comment::note> note) { return *note; });
#if CASE == 1
  app.post("/x", sp::signed_in, [](sp::Owned<Note, &Comment::note> note) { return *note; });
#elif CASE == 2
  app.post("/x", sp::signed_in, [](sp::Body<Other>, sp::Owned<Note, &Comment::note> note) { return *note; });
#elif CASE == 3
  app.post("/x", sp::signed_in, sp::shared<Note>("the others are only counted"),
           [](sp::Body<Comment>, sp::Owned<Note, &Comment::text>) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/x", sp::signed_in, sp::shared<Note>("the others are only counted"),
           [](sp::Body<Comment>, sp::Owned<Note, &Comment::more>) { return sp::NoContent{}; });
#endif
}
