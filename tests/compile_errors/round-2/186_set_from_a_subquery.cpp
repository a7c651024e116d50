// V4 whose object: Fills one's own note with the text of the one that the body names, by a subquery in SET. Should happen: does not compile.
// Request: POST /look {"note":"<id of Alice's note>"} as Mallory who has a note: her text?
#include "service.hpp"

struct Which {
  sp::Id<Note> note;
};
sp::Task<std::vector<Note>> look(sp::Body<Which> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db.all<Note>(
      "UPDATE notes SET body = (SELECT body FROM notes AS n WHERE n.id = ?) WHERE owner = ? RETURNING *", in->note,
      me.id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
