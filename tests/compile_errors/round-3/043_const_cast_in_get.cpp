// A GET handler casts const away to count the reads of a note.
#include "../round-2/service.hpp"

sp::Task<Note> show(sp::Owned<Note> note, const sp::Db& db) {
  auto& writable = const_cast<sp::Db&>(db);
  co_await writable.run("UPDATE notes SET body = body || ' (read)' WHERE id = ?", note.id());
  co_return *note;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes/:id", sp::owner<Note>, show);
  return app.run();
}
