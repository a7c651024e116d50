// V4 whose object: Selects a flag that says which notes are one's own, and filters in the browser. Should happen: does not compile.
// Request: GET /look as Mallory: are there notes of Alice?
#include "service.hpp"

struct Flagged {
  std::string title;
  bool mine;
};
template <>
struct sp::view<Flagged> {
  using show = fields<&Flagged::title, &Flagged::mine>;
};
sp::Task<std::vector<Flagged>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Flagged>("SELECT title, owner = ? AS mine FROM notes LIMIT 50", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
