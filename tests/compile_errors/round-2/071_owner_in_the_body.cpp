// V4 whose object: Takes the owner of the new note from the body. Should happen: does not compile.
// Request: POST /look {"owner":"<id of Alice>","title":"planted"} as Mallory: is it Alice's note?
#include "service.hpp"

struct Planted {
  sp::Id<sp::User> owner;
  sp::Line<1, 200> title;
};
sp::Task<sp::Created<Note>> look(sp::Body<Planted> in, sp::SignedIn, sp::Db& db) {
  co_return co_await db.one<Note>("INSERT INTO notes (id, owner, title, body) VALUES (?, ?, ?, '') RETURNING *",
                                  sp::Id<Note>::random(), in->owner, in->title);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/look", sp::signed_in, look);
  return app.run();
}
