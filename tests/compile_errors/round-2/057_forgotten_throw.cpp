// M5 sessions and proofs: Writes sp::Problem(403, …) and forgets throw before it. Should happen: does not compile.
// Request: GET /admin as Alice, who is nobody: the administration?
#include "service.hpp"

sp::Response admin(sp::SignedIn me) {
  if (me.role != "admin") sp::Problem(403, "For administrators only");
  return sp::Response::text("the administration");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/admin", sp::signed_in, admin);
  return app.run();
}
