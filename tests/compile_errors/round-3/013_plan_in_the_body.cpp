// The profile form takes the paid plan along, and nobody asks for money.
#include "../round-2/service.hpp"

enum class Plan { free, pro, unlimited };
struct Profile {
  sp::Line<0, 200> about;
  Plan plan;
};
sp::Task<sp::NoContent> save(sp::Form<Profile> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("UPDATE profiles SET about = ?, plan = ? WHERE owner = ?", in->about, in->plan, me.id);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE profiles (owner BLOB PRIMARY KEY, about TEXT NOT NULL, plan INTEGER NOT NULL) STRICT"});
  app.post("/profile", sp::signed_in, save);
  return app.run();
}
