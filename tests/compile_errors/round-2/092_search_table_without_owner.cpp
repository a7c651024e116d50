// V4 whose object: Searches an FTS table that has all notes in it and no owner. Should happen: does not compile or refuses to start.
// Request: GET /look?q=secret as Mallory: titles of Alice's notes?
#include "service.hpp"

struct Search {
  sp::Line<1, 40> q;
};
sp::Task<Reply> add(sp::Body<NewNote> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO notes (id, owner, title, body) VALUES (?, ?, ?, ?)", sp::Id<Note>::random(), me.id,
                  in->title, in->body);
  co_await db.run("INSERT INTO notes_index (title, body) VALUES (?, ?)", in->title, in->body);
  co_return Reply{"added"};
}
sp::Task<std::vector<Reply>> look(sp::Query<Search> q, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Reply>("SELECT title AS text FROM notes_index WHERE notes_index MATCH ?",
                                   sp::match_words(q->q));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIRTUAL TABLE notes_index USING fts5(title, body)"});
  app.post("/indexed", sp::signed_in, add);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
