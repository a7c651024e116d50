// Who reads one shared note reads all: the join with the shares lacks the note.
#include "../round-2/service.hpp"

struct Share {
  sp::Line<22, 22> note;
};
sp::Task<Note> shared_note(sp::Path<"name", sp::Line<22, 22>> name, sp::SignedIn me, const sp::Db& db) {
  const auto id = sp::Id<Note>::parse(*name);
  if (!id) throw sp::Problem(404, "No such note");
  co_return co_await db.found<Note>(
      "SELECT n.* FROM notes AS n JOIN shares AS s ON s.reader = ? WHERE n.id = ? LIMIT 1", me.id, *id);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE shares (note BLOB NOT NULL REFERENCES notes (id) ON DELETE CASCADE, "
       "reader BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE) STRICT"});
  app.get("/shared/:name", sp::signed_in, shared_note);
  return app.run();
}
