// M4 errors: Catches the database's error and sends its text with 400. Should happen: is neutralised.
// Request: POST /twice twice: does the answer name the table?
#include "service.hpp"

sp::Task<sp::Response> twice(sp::SignedIn me, sp::Db& db) {
  try {
    co_await db.run("INSERT INTO wallets (owner) VALUES (?)", me.id);
  } catch (const sp::DatabaseError& e) {
    co_return sp::Response::text(e.what(), 400);
  }
  co_return sp::Response::empty();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE wallets (owner BLOB PRIMARY KEY) STRICT"});
  app.post("/twice", sp::signed_in, twice);
  return app.run();
}
