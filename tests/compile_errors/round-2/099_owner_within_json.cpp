// V4 whose object: Keeps whole documents as JSON, as in MongoDB: the owner is somewhere within. Should happen: does not compile or refuses to start.
// Request: POST /docs as Alice, GET /docs/1 as Mallory: her document?
#include "service.hpp"

sp::Task<Reply> add(sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO docs (data) VALUES (json_object('owner', ?, 'text', 'private'))", me.email);
  co_return Reply{"added"};
}
sp::Task<Reply> look(sp::Path<"number", std::int64_t> id, sp::SignedIn, const sp::Db& db) {
  co_return Reply{co_await db.one<std::string>("SELECT data FROM docs WHERE id = ?", *id)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE docs (id INTEGER PRIMARY KEY, data TEXT NOT NULL) STRICT"});
  app.post("/docs", sp::signed_in, add);
  app.get("/docs/:number", sp::signed_in, look);
  return app.run();
}
