// Everybody chooses their role by the path.
#include "../round-2/service.hpp"

sp::Task<sp::NoContent> become(sp::Path<"role", sp::Line<1, 20>> role, sp::SignedIn me, sp::Db& db) {
  co_await db.run(
      "INSERT INTO profiles (owner, role) VALUES (?, ?) ON CONFLICT (owner) DO UPDATE SET role = excluded.role", me.id,
      *role);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE profiles (owner BLOB PRIMARY KEY, role TEXT NOT NULL) STRICT"});
  app.put("/me/role/:role", sp::signed_in, become);
  return app.run();
}
