// V4 whose object: Joins comments with notes by a column that says nothing of whose they are. Should happen: does not compile.
// Request: GET /look as Mallory whose note has the title of Alice's: her comments?
#include "service.hpp"

struct Comment {
  sp::Id<Comment> id;
  sp::Id<Note> note;
  std::string text;
};
template <>
struct sp::view<Comment> {
  using show = fields<&Comment::id, &Comment::text>;
  using hidden = fields<&Comment::note>;
};
template <>
struct sp::entity<Comment> : sp::table<"comments", &Comment::id> {};
struct NewComment {
  sp::Text<1, 200> text;
};
sp::Task<sp::Created<Comment>> add(sp::Owned<Note> note, sp::Body<NewComment> in, sp::Db& db) {
  co_return co_await db.one<Comment>("INSERT INTO comments (id, note, text) VALUES (?, ?, ?) RETURNING *",
                                     sp::Id<Comment>::random(), note.id(), in->text);
}

sp::Task<std::vector<Comment>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Comment>(
      "SELECT c.* FROM comments AS c JOIN notes AS n ON n.title <> c.text WHERE n.owner = ?", me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE comments (id BLOB PRIMARY KEY, note BLOB NOT NULL REFERENCES notes (id), text TEXT NOT NULL) "
       "STRICT"});
  app.post("/notes/:id/comments", sp::owner<Note>, add);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
