// M5 sessions and proofs: Calls the function that checks, and forgets co_await before it. Should happen: does not compile.
// Request: GET /admin as Alice: the administration?
#include "service.hpp"

sp::Task<void> only_admins(sp::SignedIn me) {
  if (me.role != "admin") throw sp::Problem(403, "For administrators only");
  co_return;
}
sp::Task<sp::Response> admin(sp::SignedIn me) {
  const auto checked = only_admins(me);
  co_return sp::Response::text("the administration");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/admin", sp::signed_in, admin);
  return app.run();
}
