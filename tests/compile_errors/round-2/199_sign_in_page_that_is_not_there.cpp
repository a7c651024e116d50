// V5 start: Names a sign-in page that no route serves. Should happen: refuses to start.
#include "service.hpp"

sp::Response inside(sp::SignedIn) { return sp::Response::text("inside"); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.sign_in_page("/signin");
  app.get("/inside", sp::signed_in, inside);
  return app.run();
}
