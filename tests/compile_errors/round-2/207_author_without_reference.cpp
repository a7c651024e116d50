// V4 whose object: Calls the owner author, without REFERENCES, and reads a struct without it by an integer. Should happen: does not compile or refuses to start.
// Request: POST /posts as Alice, GET /posts/1 as Mallory: her draft?
#include "service.hpp"

sp::Task<Reply> add(sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO posts (author, draft) VALUES (?, 'SECRET draft')", me.id);
  co_return Reply{"added"};
}
sp::Task<Reply> look(sp::Path<"number", std::int64_t> number, sp::SignedIn, const sp::Db& db) {
  co_return co_await db.one<Reply>("SELECT draft AS text FROM posts WHERE number = ?", *number);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE posts (number INTEGER PRIMARY KEY, author BLOB NOT NULL, draft TEXT NOT NULL) STRICT"});
  app.post("/posts", sp::signed_in, add);
  app.get("/posts/:number", sp::signed_in, look);
  return app.run();
}
