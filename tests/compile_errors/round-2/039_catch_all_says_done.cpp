// M4 errors: Catches everything and answers 204 although nothing was saved. Should happen: does not compile or the client is told.
// Request: POST /save: 204, and there is nothing in the table
#include "service.hpp"

sp::Task<sp::NoContent> save(sp::SignedIn me, sp::Db& db) {
  try {
    co_await db.run("INSERT INTO consents (owner) VALUES (?)", me.id);
  } catch (...) {
  }
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/save", sp::signed_in, save);
  return app.run();
}
