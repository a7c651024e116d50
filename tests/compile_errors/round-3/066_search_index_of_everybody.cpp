// The index of a full-text search knows no owners.
#include "../round-2/service.hpp"

struct Search {
  sp::Line<1, 100> q;
};
struct Hit {
  std::string title;
  std::string body;
};
template <>
struct sp::view<Hit> {
  using show = fields<&Hit::title, &Hit::body>;
};
sp::Task<std::vector<Hit>> search(sp::Query<Search> q, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Hit>("SELECT title, body FROM notes_fts WHERE notes_fts MATCH ? ORDER BY rank LIMIT 20",
                                 sp::match_words(q->q.view()));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIRTUAL TABLE notes_fts USING fts5(title, body, content='notes')",
               "CREATE TRIGGER notes_added AFTER INSERT ON notes BEGIN "
               "INSERT INTO notes_fts (rowid, title, body) VALUES (new.rowid, new.title, new.body); END"});
  app.get("/search", sp::signed_in, search);
  return app.run();
}
