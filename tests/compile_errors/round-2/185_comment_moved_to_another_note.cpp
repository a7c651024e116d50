// V4 whose object: Moves one's own comment to the note that the body names. Should happen: does not compile.
// Request: POST /notes/<own>/move {"to":"<id of Alice's note>"} as Mallory: on Alice's note?
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
struct Move {
  sp::Id<Note> to;
};
sp::Task<Reply> look(sp::Owned<Note> note, sp::Body<Move> in, sp::Db& db) {
  co_return Reply{std::to_string(co_await db.run("UPDATE comments SET note = ? WHERE note = ?", in->to, note.id()))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE comments (id BLOB PRIMARY KEY, note BLOB NOT NULL REFERENCES notes (id), text TEXT NOT NULL) "
       "STRICT"});
  app.post("/notes/:id/comments", sp::owner<Note>, add);
  app.post("/notes/:id/move", sp::owner<Note>, look);
  return app.run();
}
