// Whether a title is taken is asked of everybody's notes.
#include "../round-2/service.hpp"

struct Title {
  sp::Line<1, 200> title;
};
sp::Task<Reply> taken(sp::Query<Title> q, sp::SignedIn, const sp::Db& db) {
  const bool is = co_await db.one<bool>("SELECT EXISTS (SELECT 1 FROM notes WHERE title = ?)", q->title);
  co_return Reply{is ? "taken" : "free"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/taken", sp::signed_in, taken);
  return app.run();
}
