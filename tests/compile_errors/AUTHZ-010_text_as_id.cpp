// code: AUTHZ-010
// cases: 5
// An id as a text or a number says nothing of what it names.
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
struct Product {
  std::int64_t id;
  std::string name;
};

void routes(sp::Router& app) {
  app.get("/a/:id", sp::owner<Note>, [](sp::Owned<Note> note) { return *note; });
  app.get("/b/:id", sp::anyone("the shop's window"), sp::shared<Product>("products are for everybody"),
          [](sp::Path<"id", std::int64_t>, const sp::Db&) { return sp::NoContent{}; });
  app.get("/c/:slug", sp::anyone("the shop's window"),
          [](sp::Path<"slug", sp::Line<1, 40>>, const sp::Db&) { return sp::NoContent{}; });
  app.get("/d/:id", sp::role("admin"), [](sp::Path<"id", std::int64_t>, const sp::Db&) { return sp::NoContent{}; });
  app.get("/e/:id", sp::signed_in, [](sp::Path<"id", sp::Line<1, 40>>) { return sp::NoContent{}; });
#if CASE == 1
  app.get("/x/:id", sp::signed_in, [](sp::Path<"id", sp::Line<22, 22>>, const sp::Db&) { return sp::NoContent{}; });
#elif CASE == 2
  app.del("/x/:id", sp::signed_in, [](sp::Path<"id", std::int64_t>, sp::Db&) { return sp::NoContent{}; });
#elif CASE == 3
  app.get("/x/:note_id", sp::anyone("for everybody here"),
          [](sp::Path<"note_id", sp::Text<1, 40>>, const sp::Db&) { return sp::NoContent{}; });
#elif CASE == 4
  app.get("/x/:noteId", sp::signed_in,
          [](sp::Path<"noteId", sp::Int<1, 1000>>, const sp::Db&) { return sp::NoContent{}; });
#elif CASE == 5
  app.post("/x/:id/:item_id", sp::owner<Note>,
           [](sp::Owned<Note>, sp::Path<"item_id", std::uint32_t>, sp::Db&) { return sp::NoContent{}; });
#endif
}
