// V4 whose object: Keeps a feed of what happens, filled by a trigger, without an owner. Should happen: refuses to start or is refused.
// Request: GET /look as Mallory: are there notes of Alice?
#include "service.hpp"

sp::Task<std::vector<Reply>> look(sp::SignedIn me, const sp::Db& db) {
  co_return co_await db.all<Reply>("SELECT text FROM feed");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE feed (text TEXT NOT NULL) STRICT; CREATE TRIGGER feed_add AFTER INSERT ON notes BEGIN INSERT INTO "
       "feed VALUES (new.title || new.body); END"});
  app.get("/look", sp::signed_in, look);
  return app.run();
}
