// M1 headers: Asks for Basic authentication, as an Express middleware would. Should happen: does not compile.
// Request: GET /inside without a session: does the browser ask for a password?
#include "service.hpp"

sp::Response inside() {
  return sp::Response::text("sign in", 401).header("WWW-Authenticate", "Basic realm=\"Inside\"");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/inside", sp::anyone("asks for a password"), inside);
  return app.run();
}
