// A note is shown with the one that it names as its parent, whoever owns that.
#include "../round-2/service.hpp"

struct Leaf {
  sp::Id<Leaf> id;
  sp::Id<sp::User> owner;
  sp::Maybe<sp::Id<Leaf>> parent;
  std::string title;
};
template <>
struct sp::view<Leaf> {
  using show = fields<&Leaf::id, &Leaf::parent, &Leaf::title>;
  using hidden = fields<&Leaf::owner>;
};
template <>
struct sp::entity<Leaf> : sp::table<"leaves", &Leaf::id, &Leaf::owner> {};
sp::Task<std::vector<Leaf>> parents(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Leaf>("SELECT p.* FROM leaves AS l JOIN leaves AS p ON p.id = l.parent WHERE l.owner = ?",
                                  me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE leaves (id BLOB PRIMARY KEY, owner BLOB NOT NULL, parent BLOB, title TEXT NOT NULL) STRICT"});
  app.get("/parents", sp::signed_in, parents);
  return app.run();
}
