// V2 CSRF: Lets all sub-domains call with the user's cookies. Should happen: does not compile.
#include "service.hpp"

sp::NoContent save(sp::SignedIn) { return {}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/save", sp::signed_in, sp::cors<"https://*.corp.example">.with_credentials(), save);
  return app.run();
}
