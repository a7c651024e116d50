// A view of the latest notes leaves the owner out, and everybody reads it.
#include "../round-2/service.hpp"

struct Latest {
  std::string title;
  std::string body;
};
template <>
struct sp::view<Latest> {
  using show = fields<&Latest::title, &Latest::body>;
};
sp::Task<std::vector<Latest>> latest(sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Latest>("SELECT title, body FROM latest LIMIT 20");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIEW latest AS SELECT title, body FROM notes ORDER BY rowid DESC"});
  app.get("/latest", sp::signed_in, latest);
  return app.run();
}
