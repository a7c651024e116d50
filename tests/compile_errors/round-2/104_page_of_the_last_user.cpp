// V4 whose object: Keeps the page in a static variable, so that it is made only once. Should happen: does not compile.
// Request: GET /look as Alice, then GET /look as Mallory: the e-mail of Alice?
#include "service.hpp"

sp::Page look(sp::SignedIn me) {
  static const sp::Page page{.title = "Home", .body = sp::html<"<p>{}</p>">(me.email)};
  return page;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/look", sp::signed_in, look);
  return app.run();
}
