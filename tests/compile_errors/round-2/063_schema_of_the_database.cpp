// M5 sessions and proofs: Shows the schema of the database, for support. Should happen: does not compile or is refused.
// Request: GET /schema: the text of all tables?
#include "service.hpp"

sp::Task<std::vector<Reply>> schema(const sp::Db& db) {
  co_return co_await db.all<Reply>("SELECT coalesce(sql, name) AS text FROM sqlite_schema");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/schema", sp::anyone("for the support"), schema);
  return app.run();
}
