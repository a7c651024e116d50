// V4 whose object: Reads the title of the note that the query names in a subquery of one's own row. Should happen: does not compile.
// Request: GET /look?note=<id of Alice's note> as Mallory who has a note: its title?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<std::vector<Reply>> look(sp::Query<Which> q, sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Reply>("SELECT (SELECT title FROM notes WHERE id = ?) AS text FROM notes WHERE owner = ?",
                                   q->note, me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
