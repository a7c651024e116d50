// V5 start: Asks for a session on the sign-in page itself. Should happen: refuses to start.
// Request: GET /signin as a browser: redirected to itself?
#include "service.hpp"

sp::Page page(sp::SignedIn) { return sp::Page{.title = "Sign in", .body = sp::html<"<p>x</p>">()}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.sign_in_page("/signin");
  app.get("/signin", sp::signed_in, page);
  return app.run();
}
