// code: SCHEMA-007
// cases: 6
// A client does not say whose a thing is.
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
struct NewNote {
  sp::Line<1, 80> title;
  sp::Maybe<sp::Line<1, 80>> owner_name;  // of a car
};
struct GiveTo {
  sp::Id<sp::User> owner;
};
struct A {
  sp::Line<1, 80> title;
  sp::Line<22, 22> owner;
};
struct B {
  sp::Maybe<std::int64_t> user_id;
};
struct C {
  sp::Text<1, 80> authorId;
};
struct D {
  std::vector<A> list;
};
struct E {
  sp::Email created_by;
};

void routes(sp::Router& app) {
  app.post("/a", sp::signed_in, [](sp::Body<NewNote>, sp::SignedIn) { return sp::NoContent{}; });
  app.post("/b", sp::role("admin"), [](sp::Body<GiveTo>) { return sp::NoContent{}; });
#if CASE == 1
  app.post("/x", sp::signed_in, [](sp::Body<A>) { return sp::NoContent{}; });
#elif CASE == 2
  app.get("/x", sp::signed_in, [](sp::Query<B>) { return sp::NoContent{}; });
#elif CASE == 3
  app.post("/x", sp::signed_in, [](sp::Form<C>) { return sp::NoContent{}; });
#elif CASE == 4
  app.post("/x", sp::signed_in, [](sp::Body<D>) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/x", sp::signed_in, [](sp::TryForm<E>) { return sp::NoContent{}; });
#elif CASE == 6
  app.post("/x", sp::signed_in, [](sp::Body<std::vector<A>>) { return sp::NoContent{}; });
#endif
}
