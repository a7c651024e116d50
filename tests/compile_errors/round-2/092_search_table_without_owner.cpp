// V4 whose object: Searches an FTS table that has all notes in it and no owner. Should happen: does not compile or refuses to start.
// Request: GET /look?q=secret as Mallory: titles of Alice's notes?
#include "service.hpp"

struct Search {
  sp::Line<1, 40> q;
};
sp::Task<std::vector<Line>> look(sp::Query<Search> q, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.all<Line>("SELECT title AS text FROM notes_index WHERE notes_index MATCH ?",
                                  sp::match_words(q->q));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE VIRTUAL TABLE notes_index USING fts5(title, body); CREATE TRIGGER notes_add AFTER INSERT ON notes BEGIN "
       "INSERT INTO notes_index (rowid, title, body) VALUES (new.rowid, new.title, new.body); END"});
  app.get("/look", sp::signed_in, look);
  return app.run();
}
