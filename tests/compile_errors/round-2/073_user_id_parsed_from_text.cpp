// V4 whose object: Parses the id of the user from a text of the query. Should happen: does not compile.
// Request: GET /look?who=<id of Alice> as Mallory
#include "service.hpp"

struct Filter {
  sp::Line<1, 40> who;
};
sp::Task<std::vector<Note>> look(sp::Query<Filter> q, sp::SignedIn, const sp::Db& db) {
  const auto who = sp::Id<sp::User>::parse(q->who.view());
  if (!who) throw sp::Problem(400, "No id");
  co_return co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", *who);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
