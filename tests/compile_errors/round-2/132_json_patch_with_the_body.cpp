// V3 SQL: Merges the client's JSON into a column by json_patch: any member gets in. Should happen: does not compile.
// Request: POST /settings {"patch":"{\"plan\":\"gold\"}"} as Alice: gold?
#include "service.hpp"

struct Patch {
  sp::Text<2, 1000> patch;
};
sp::Task<Reply> save(sp::Body<Patch> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO settings (owner, data) VALUES (?, '{\"plan\":\"free\"}') ON CONFLICT DO NOTHING", me.id);
  co_await db.run("UPDATE settings SET data = json_patch(data, ?) WHERE owner = ?", in->patch, me.id);
  co_return Reply{co_await db.one<std::string>("SELECT data FROM settings WHERE owner = ?", me.id)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE settings (owner BLOB PRIMARY KEY, data TEXT NOT NULL) STRICT"});
  app.post("/settings", sp::signed_in, save);
  return app.run();
}
