// Invitations refer to the accounts by their e-mail, so that an error tells who has one.
#include "../round-2/service.hpp"

struct Invite {
  sp::Email email;
};
sp::Task<Reply> invite(sp::Body<Invite> in, sp::SignedIn me, sp::Db& db) {
  try {
    co_await db.run("INSERT INTO invitations (owner, email) VALUES (?, ?)", me.id, in->email.key());
  } catch (const sp::DatabaseError& error) {
    if (error.kind() == sp::DatabaseError::Kind::foreign_key) throw sp::Problem(404, "Nobody with that address");
    throw;
  }
  co_return Reply{"invited"};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.migrate(
      {"CREATE TABLE invitations (owner BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE, "
       "email TEXT NOT NULL REFERENCES sallyport_users (email)) STRICT"});
  app.post("/invitations", sp::signed_in, invite);
  return app.run();
}
