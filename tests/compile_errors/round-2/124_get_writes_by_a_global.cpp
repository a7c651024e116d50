// V2 CSRF: Keeps the Db& of a POST in a global, and writes with it in GET. Should happen: is neutralised.
// Request: POST /init, then GET /view: is there a row?
#include "service.hpp"

sp::Db* kept = nullptr;
sp::NoContent init(sp::Db& db) {
  kept = &db;
  return {};
}
sp::Task<Reply> view() {
  if (kept == nullptr) throw sp::Problem(409, "Nothing kept");
  co_await kept->run("INSERT INTO views (n) VALUES (1)");
  co_return Reply{"written"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE views (n INTEGER NOT NULL) STRICT"});
  app.post("/init", sp::anyone("called once by the installer"), init);
  app.get("/view", sp::anyone("a public page"), view);
  return app.run();
}
