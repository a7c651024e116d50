// M5 sessions and proofs: Redirects who is not signed in, and forgets return before it. Should happen: does not compile.
// Request: GET /inside without a session: what is inside?
#include "service.hpp"

sp::Response inside(sp::Maybe<sp::SignedIn> me) {
  if (!me) sp::Response::see_other("/signin");
  return sp::Response::text("what is inside");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/inside", sp::anyone("redirects to sign-in"), inside);
  return app.run();
}
