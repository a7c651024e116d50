// A delete takes all empty notes along, everybody's.
#include "../round-2/service.hpp"

sp::Task<sp::NoContent> remove_note(sp::Owned<Note> note, sp::SignedIn me, sp::Db& db) {
  co_await db.run("DELETE FROM notes WHERE (id = ? AND owner = ?) OR (title = '' AND body = '')", note.id(), me.id);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.del("/notes/:id", sp::owner<Note>, remove_note);
  return app.run();
}
