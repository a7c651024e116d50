// V4 whose object: Deletes all notes whose ids the body lists. Should happen: does not compile.
// Request: POST /look {"notes":["<id of Alice's note>"]} as Mallory: gone?
#include "service.hpp"

struct Many {
  sp::List<sp::Id<Note>, 100> notes;
};
sp::Task<sp::NoContent> look(sp::Body<Many> in, sp::SignedIn, sp::Db& db) {
  const std::vector<sp::Id<Note>> ids(in->notes.begin(), in->notes.end());
  co_await db.run("DELETE FROM notes WHERE id IN (?...)", ids);
  co_return sp::NoContent{};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
