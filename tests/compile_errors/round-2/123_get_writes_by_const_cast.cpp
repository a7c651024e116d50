// V2 CSRF: Counts views in a GET handler, by const_cast of the database. Should happen: is neutralised.
// Request: GET /view: is there a row?
#include "service.hpp"

sp::Task<Reply> view(const sp::Db& db) {
  auto& writer = const_cast<sp::Db&>(db);
  co_await writer.run("INSERT INTO views (n) VALUES (1)");
  co_return Reply{std::to_string(co_await db.one<std::int64_t>("SELECT count(*) FROM views"))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE views (n INTEGER NOT NULL) STRICT"});
  app.get("/view", sp::anyone("a public page"), view);
  return app.run();
}
