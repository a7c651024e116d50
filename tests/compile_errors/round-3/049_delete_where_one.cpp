// The WHERE that the compiler asked for is WHERE 1.
#include "../round-2/service.hpp"

sp::Task<sp::NoContent> clean(sp::SignedIn, sp::Db& db) {
  co_await db.run("DELETE FROM drafts WHERE 1");
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE drafts (id INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT"});
  app.post("/drafts/clean", sp::signed_in, clean);
  return app.run();
}
