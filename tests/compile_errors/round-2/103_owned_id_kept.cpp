// V4 whose object: Keeps the proof that a note is the caller's, and uses it in the next request, of somebody else. Should happen: does not compile or is refused.
// Request: POST /notes/<id>/open as Alice, then POST /look as Mallory: is Alice's note renamed?
#include "service.hpp"

struct Current {
  std::optional<sp::OwnedId<Note>> note;
};
sp::NoContent open(sp::Owned<Note> note, sp::State<Current> current) {
  current->note = note.id();
  return {};
}
sp::Task<Reply> look(sp::SignedIn, sp::State<Current> current, sp::Db& db) {
  if (!current->note) throw sp::Problem(409, "Open one first");
  co_return Reply{std::to_string(co_await db.run("UPDATE notes SET title = 'renamed' WHERE id = ?", *current->note))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Current>();
  app.post("/notes/:id/open", sp::owner<Note>, open);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
