// M5 sessions and proofs: Keeps roles in a table of its own, and every user may set their own. Should happen: does not compile.
// Request: PUT /team {"role":"admin"} as Alice, then GET /admin: the administration?
#include "service.hpp"

struct Join {
  sp::Line<1, 20> role;
};
sp::Task<sp::NoContent> join(sp::Body<Join> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO team (owner, role) VALUES (?, ?)", me.id, in->role);
  co_return {};
}
sp::Task<sp::Response> admin(sp::SignedIn me, const sp::Db& db) {
  if (co_await db.one<std::string>("SELECT role FROM team WHERE owner = ?", me.id) != "admin")
    co_return sp::Problem(403, "Not for you");
  co_return sp::Response::text("the administration");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE team (owner BLOB PRIMARY KEY, role TEXT NOT NULL) STRICT"});
  app.put("/team", sp::signed_in, join);
  app.get("/admin", sp::signed_in, admin);
  return app.run();
}
