// A comment is deleted by its number, beside the owned note that it should be of.
#include "../round-2/service.hpp"

struct Which {
  sp::Int<1, 1'000'000> number;
};
struct NewComment {
  sp::Line<1, 200> text;
};
sp::Task<sp::NoContent> add_comment(sp::Owned<Note> note, sp::Body<NewComment> in, sp::Db& db) {
  co_await db.run("INSERT INTO comments (note, text) VALUES (?, ?)", note.id(), in->text);
  co_return {};
}
sp::Task<sp::NoContent> remove_comment(sp::Owned<Note> note, sp::Query<Which> which, sp::Db& db, sp::Log& log) {
  co_await db.run("DELETE FROM comments WHERE number = ?", which->number.value()).or_problem(404, "No such comment");
  log.info("comment_removed", {{"note", note.id()}});
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE comments (number INTEGER PRIMARY KEY, note BLOB NOT NULL REFERENCES notes (id), "
       "text TEXT NOT NULL) STRICT"});
  app.post("/notes/:id/comments", sp::owner<Note>, add_comment);
  app.del("/notes/:id/comments", sp::owner<Note>, remove_comment);
  return app.run();
}
