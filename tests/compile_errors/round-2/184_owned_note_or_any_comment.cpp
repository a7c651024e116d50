// V4 whose object: Has the owner's proof of the note, and writes OR before the id of the comment. Should happen: does not compile.
// Request: GET /notes/<own>/comments?comment=<of Alice> as Mallory: its text?
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
struct Which {
  sp::Id<Comment> comment;
};
sp::Task<std::vector<Comment>> look(sp::Owned<Note> note, sp::Query<Which> q, const sp::Db& db) {
  co_return co_await db.all<Comment>("SELECT * FROM comments WHERE (note = ? OR id = ?)", note.id(), q->comment);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE comments (id BLOB PRIMARY KEY, note BLOB NOT NULL REFERENCES notes (id), text TEXT NOT NULL) "
       "STRICT"});
  app.post("/notes/:id/comments", sp::owner<Note>, add);
  app.get("/notes/:id/comments", sp::owner<Note>, look);
  return app.run();
}
