// V4 whose object: Declares a second struct for the table, as nobody's, and reads that. Should happen: does not compile.
// Request: GET /titles/<id of Alice's note> as Mallory: the title?
#include "service.hpp"

struct Title {
  sp::Id<Title> id;
  std::string title;
};
template <>
struct sp::view<Title> {
  using show = fields<&Title::id, &Title::title>;
};
template <>
struct sp::entity<Title> : sp::table<"notes", &Title::id> {};
sp::Task<Title> look(sp::Path<"id", sp::Id<Title>> id, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.one<Title>("SELECT id, title FROM notes WHERE id = ?", *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/titles/:id", sp::signed_in, look);
  return app.run();
}
