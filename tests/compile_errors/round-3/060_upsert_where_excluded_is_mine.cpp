// An upsert asks whether the new row is mine, which it always is.
#include "../round-2/service.hpp"

struct Sync {
  sp::Id<Note> note;
  sp::Line<1, 200> title;
  sp::Text<0, 1000> body;
};
sp::Task<Note> sync_note(sp::Body<Sync> in, sp::SignedIn me, sp::Db& db) {
  co_return co_await db
      .maybe<Note>(
          "INSERT INTO notes (id, owner, title, body) VALUES (?, ?, ?, ?) "
          "ON CONFLICT (id) DO UPDATE SET title = excluded.title, body = excluded.body "
          "WHERE excluded.owner = ? RETURNING *",
          in->note, me.id, in->title, in->body, me.id)
      .or_problem(409, "Not yours");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.put("/sync", sp::signed_in, sp::shared<Note>("clients make the ids while they are offline"), sync_note);
  return app.run();
}
