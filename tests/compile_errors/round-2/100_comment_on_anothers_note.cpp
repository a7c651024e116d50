// V4 whose object: Adds a comment to the note that the body names. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>","text":"x"} as Mallory: is it there?
#include "service.hpp"

struct Comment {
  sp::Id<Comment> id;
  sp::Id<Note> note;
  std::string text;
};
template <>
struct sp::entity<Comment> : sp::table<"comments", &Comment::id> {};
struct NewComment {
  sp::Id<Note> note;
  sp::Line<1, 200> text;
};
sp::Task<sp::NoContent> look(sp::Body<NewComment> in, sp::SignedIn, sp::Db& db) {
  co_await db.run("INSERT INTO comments (id, note, text) VALUES (?, ?, ?)", sp::Id<Comment>::random(), in->note,
                  in->text);
  co_return sp::NoContent{};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE comments (id BLOB PRIMARY KEY, note BLOB NOT NULL REFERENCES notes (id), text TEXT NOT NULL) "
       "STRICT"});
  app.post("/look", sp::signed_in, look);
  return app.run();
}
