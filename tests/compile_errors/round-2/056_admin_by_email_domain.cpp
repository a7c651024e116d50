// M5 sessions and proofs: Takes everybody with an address of the company for an administrator, though nobody verifies addresses. Should happen: does not compile or the e-mail is verified.
// Request: POST /users with boss@corp.example (never verified), then GET /admin: the administration?
#include "service.hpp"

sp::Response admin(sp::SignedIn me) {
  if (!me.email.ends_with("@corp.example")) throw sp::Problem(403, "For colleagues only");
  return sp::Response::text("the administration");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/admin", sp::signed_in, admin);
  return app.run();
}
