// M5 sessions and proofs: Draws invitations with std::mt19937. Should happen: does not compile.
// Request: POST /invite twice: the next one follows from the first 624
#include "service.hpp"

#include <ctime>
#include <random>

sp::Task<sp::Response> invite(sp::SignedIn me, sp::Db& db) {
  static std::mt19937 random(static_cast<unsigned>(std::time(nullptr)));
  const std::string word = std::to_string(random());
  co_await db.run("INSERT INTO invitations (word, owner) VALUES (?, ?)", word, me.id);
  co_return sp::Response::text(word);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE invitations (word TEXT PRIMARY KEY, owner BLOB NOT NULL) STRICT"});
  app.post("/invite", sp::signed_in, invite);
  return app.run();
}
