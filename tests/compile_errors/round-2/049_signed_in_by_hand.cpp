// M5 sessions and proofs: Makes a SignedIn of a user that a query found. Should happen: does not compile.
#include "service.hpp"

sp::SignedIn as(const sp::User& user) { return sp::SignedIn{user.id, user.name, user.email, user.role}; }
sp::Response enter(sp::SignedIn me) { return sp::Response::text(std::string(me.name)); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::signed_in, enter);
  return app.run();
}
