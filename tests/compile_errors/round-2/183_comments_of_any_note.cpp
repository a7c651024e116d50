// V4 whose object: Lists the comments of the notes that there are, instead of those of one's own. Should happen: does not compile.
// Request: GET /look as Mallory: comments of Alice?
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

sp::Task<std::vector<Comment>> look(sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Comment>("SELECT * FROM comments WHERE note IN (SELECT id FROM notes)");
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
