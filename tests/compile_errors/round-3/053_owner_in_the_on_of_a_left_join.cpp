// The owner is asked for in the ON of a LEFT JOIN, which keeps all rows of the left.
#include "../round-2/service.hpp"

struct Labelled {
  std::string title;
  sp::Maybe<std::string> label;
};
template <>
struct sp::view<Labelled> {
  using show = fields<&Labelled::title, &Labelled::label>;
};
sp::Task<std::vector<Labelled>> list(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Labelled>(
      "SELECT n.title, l.label FROM notes AS n LEFT JOIN labels AS l ON l.note = n.id AND n.owner = ?", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE labels (note BLOB NOT NULL REFERENCES notes (id), label TEXT NOT NULL) STRICT"});
  app.get("/labelled", sp::signed_in, list);
  return app.run();
}
