// V4 whose object: Joins comments with notes and forgets ON: it is enough to have a note of one's own. Should happen: does not compile.
// Request: GET /look/<id of a comment on Alice's note> as Mallory who has a note: its text?
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

sp::Task<std::vector<Comment>> look(sp::Path<"id", sp::Id<Comment>> id, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Comment>("SELECT c.* FROM comments AS c JOIN notes AS n WHERE n.owner = ? AND c.id = ?",
                                     me.id, *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE comments (id BLOB PRIMARY KEY, note BLOB NOT NULL REFERENCES notes (id), text TEXT NOT NULL) "
       "STRICT"});
  app.post("/notes/:id/comments", sp::owner<Note>, add);
  app.get("/look/:id", sp::signed_in, look);
  return app.run();
}
