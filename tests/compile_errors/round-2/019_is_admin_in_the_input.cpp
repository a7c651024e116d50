// M3 body: Lets the client say in its profile whether it is an administrator. Should happen: does not compile.
// Request: PUT /profile {"bio":"x","is_admin":true} as Alice
#include "service.hpp"

struct NewProfile {
  sp::Line<0, 200> bio;
  bool is_admin;
};
sp::Task<sp::NoContent> save(sp::Body<NewProfile> in, sp::SignedIn me, sp::Db& db) {
  co_await db.run("INSERT INTO profiles (owner, bio, is_admin) VALUES (?, ?, ?)", me.id, in->bio, in->is_admin);
  co_return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate({"CREATE TABLE profiles (owner BLOB PRIMARY KEY, bio TEXT NOT NULL, is_admin INTEGER NOT NULL) STRICT"});
  app.put("/profile", sp::signed_in, save);
  return app.run();
}
