// M5 sessions and proofs: Makes a view over the accounts' table in a migration, and reads that. Should happen: refuses to start.
// Request: GET /hashes: rows?
#include "service.hpp"

sp::Task<Reply> hashes(const sp::Db& db) {
  co_return Reply{std::to_string(co_await db.one<std::int64_t>("SELECT count(*) FROM everybody"))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE VIEW everybody AS SELECT * FROM sallyport_users"});
  app.get("/hashes", sp::anyone("how many we are"), hashes);
  return app.run();
}
