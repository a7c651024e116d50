// M5 sessions and proofs: Reads the accounts' table by a quoted name in capitals. Should happen: does not compile or is refused.
// Request: GET /count: a number?
#include "service.hpp"

sp::Task<Reply> count(const sp::Db& db) {
  co_return Reply{std::to_string(co_await db.one<std::int64_t>("SELECT count(*) FROM \"SALLYPORT_Users\""))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/count", sp::anyone("how many we are"), count);
  return app.run();
}
