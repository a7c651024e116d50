// V4 whose object: Names notes by rowid, which is shorter in the address. Should happen: does not compile.
// Request: GET /look/1 as Mallory: the title of Alice's note?
#include "service.hpp"

sp::Task<Reply> look(sp::Path<"n", std::int64_t> n, sp::SignedIn, const sp::Db& db) {
  co_return Reply{co_await db.one<std::string>("SELECT title FROM notes WHERE rowid = ?", *n)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look/:n", sp::signed_in, look);
  return app.run();
}
