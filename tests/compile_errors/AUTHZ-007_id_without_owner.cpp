// code: AUTHZ-007
// cases: 15
// The id of an object with an owner, from whoever knows it.
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
struct Item {
  sp::Id<Item> id;
  sp::Id<Note> note;
};
template <>
struct sp::entity<Item> : sp::table<"items", &Item::id> {};
// Nobody has said where it is stored: its field says that it has an owner.
struct Draft {
  sp::Id<Draft> id;
  sp::Id<sp::User> writer;
};
struct Product {
  sp::Id<Product> id;
  std::string name;
};

struct Comment {
  sp::Id<Note> note;
  sp::Line<1, 80> text;
};
struct Maybe {
  sp::Maybe<sp::Id<Note>> note;
};
struct Many {
  sp::List<sp::Id<Note>, 10> notes;
};
struct Deep {
  std::vector<Comment> comments;
};
struct Assign {
  sp::Id<sp::User> whom;
};
struct Cart {
  std::vector<sp::Id<Product>> products;
};

void routes(sp::Router& app) {
  app.get("/a/:id", sp::owner<Note>, [](sp::Owned<Note> note) { return *note; });
  app.del("/a/:id/:item", sp::owner<Note>,
          [](sp::Owned<Note>, sp::Path<"item", sp::Id<Item>>) { return sp::NoContent{}; });
  app.post("/b", sp::signed_in, [](sp::Body<Comment>, sp::Owned<Note, &Comment::note>) { return sp::NoContent{}; });
  app.get("/b", sp::signed_in, [](sp::Query<Maybe>, sp::Owned<Note, &Maybe::note>) { return sp::NoContent{}; });
  app.post("/c", sp::signed_in, sp::shared<Note>("readers may comment"),
           [](sp::Body<Comment>) { return sp::NoContent{}; });
  app.post("/d", sp::role("editor"), [](sp::Body<Deep>, sp::Path<"note", sp::Id<Note>>) { return sp::NoContent{}; });
  app.post("/e", sp::role("admin"), [](sp::Body<Assign>) { return sp::NoContent{}; });
  app.post("/f", sp::anyone("the cart of everybody"), [](sp::Body<Cart>) { return sp::NoContent{}; });
#if CASE == 1
  app.get("/x/:id", sp::signed_in, [](sp::Path<"id", sp::Id<Note>>) { return sp::NoContent{}; });
#elif CASE == 2
  app.del("/x/:id", sp::anyone("ids are long enough"), [](sp::Path<"id", sp::Id<Note>>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/x", sp::signed_in, [](sp::Body<Comment>) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/x", sp::anyone("for everybody here"), [](sp::Form<Comment>) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/x", sp::signed_in, [](sp::TryForm<Comment>) { return sp::NoContent{}; });
#elif CASE == 6
  app.get("/x", sp::signed_in, [](sp::Query<Maybe>) { return sp::NoContent{}; });
#elif CASE == 7
  app.post("/x", sp::signed_in, [](sp::Body<Many>) { return sp::NoContent{}; });
#elif CASE == 8
  app.post("/x", sp::signed_in, [](sp::Body<Deep>) { return sp::NoContent{}; });
#elif CASE == 9
  app.post("/x", sp::signed_in, [](sp::Body<std::vector<Comment>>) { return sp::NoContent{}; });
#elif CASE == 10
  app.post("/x/:id", sp::owner<Note>, [](sp::Owned<Note>, sp::Body<Comment>) { return sp::NoContent{}; });
#elif CASE == 11
  app.get("/x/:id/:other", sp::owner<Note>,
          [](sp::Owned<Note>, sp::Path<"other", sp::Id<Note>>) { return sp::NoContent{}; });
#elif CASE == 12
  app.get("/x/:id", sp::signed_in, [](sp::Path<"id", sp::Id<Draft>>) { return sp::NoContent{}; });
#elif CASE == 13
  app.post("/x", sp::signed_in, [](sp::Body<Assign>) { return sp::NoContent{}; });
#elif CASE == 14
  app.get("/x/:item", sp::signed_in, [](sp::Path<"item", sp::Id<Item>>) { return sp::NoContent{}; });
#elif CASE == 15
  app.post("/x", sp::signed_in, sp::shared<Item>("readers may comment"),
           [](sp::Body<Comment>) { return sp::NoContent{}; });
#endif
}
