// A taken short name is replaced, whoever's bookmark it was.
#include "../round-2/service.hpp"

struct Bookmark {
  sp::Id<Bookmark> id;
  sp::Id<sp::User> owner;
  std::string slug;
};
template <>
struct sp::view<Bookmark> {
  using show = fields<&Bookmark::id, &Bookmark::slug>;
  using hidden = fields<&Bookmark::owner>;
};
template <>
struct sp::entity<Bookmark> : sp::table<"bookmarks", &Bookmark::id, &Bookmark::owner> {};
struct Rename {
  sp::Line<1, 40> slug;
};
sp::Task<sp::NoContent> rename_bookmark(sp::Owned<Bookmark> bookmark, sp::Body<Rename> in, sp::Db& db) {
  co_await db.run("UPDATE OR REPLACE bookmarks SET slug = ? WHERE id = ?", in->slug, bookmark.id());
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE bookmarks (id BLOB PRIMARY KEY, owner BLOB NOT NULL, slug TEXT NOT NULL UNIQUE) STRICT"});
  app.put("/bookmarks/:id", sp::owner<Bookmark>, rename_bookmark);
  return app.run();
}
