// A column that may be NULL is a std::optional, and used without a look.
#include "../round-2/service.hpp"

struct Profile {
  std::string name;
  std::optional<std::string> nickname;
};
sp::Task<Reply> greet(sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO profiles (owner, name) VALUES (?, ?) ON CONFLICT (owner) DO NOTHING", me.id, me.name);
  const auto profile = co_await db.one<Profile>("SELECT name, nickname FROM profiles WHERE owner = ?", me.id);
  co_return Reply{"Hello " + *profile.nickname};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE profiles (owner BLOB PRIMARY KEY, name TEXT NOT NULL, nickname TEXT) STRICT"});
  app.post("/greet", sp::signed_in, greet);
  return app.run();
}
