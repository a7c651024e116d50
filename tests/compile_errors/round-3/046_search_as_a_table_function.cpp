// A search text goes into the table function of an FTS5 table, where its operators work.
#include "../round-2/service.hpp"

struct Search {
  sp::Line<1, 100> q;
};
struct Hit {
  std::string title;
};
template <>
struct sp::view<Hit> {
  using show = fields<&Hit::title>;
};
sp::Task<std::vector<Hit>> search(sp::Query<Search> q, const sp::Db& db) {
  co_return co_await db.all<Hit>("SELECT title FROM articles_fts(?) LIMIT 20", q->q);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIRTUAL TABLE articles_fts USING fts5(title, draft)"});
  app.get("/articles", sp::anyone("the articles are public"), search);
  return app.run();
}
