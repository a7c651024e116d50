// The newest of the user's notes is the last of a list that may be empty.
#include "../round-2/service.hpp"

sp::Task<Note> newest(sp::SignedIn me, const sp::Db& db) {
  const auto notes = co_await db.all<Note>("SELECT * FROM notes WHERE owner = ? ORDER BY rowid", me.id);
  co_return notes.back();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes/newest", sp::signed_in, newest);
  return app.run();
}
