// V1 pages: Writes JSON by hand: a quote in a title makes members. Should happen: does not compile.
// Request: GET /notes.json as Alice who has a note called a","role":"admin
#include "service.hpp"

sp::Stream<"application/json"> notes(sp::SignedIn me, const sp::Db& db) {
  co_yield "[";
  for (const Note& note : co_await db.all<Note>("SELECT * FROM notes WHERE owner = ?", me.id))
    co_yield "{\"title\":\"" + note.title + "\"},";
  co_yield "null]";
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/notes.json", sp::signed_in, notes);
  return app.run();
}
