// M1 headers: Has the CDN keep a private answer for ten minutes. Should happen: does not compile.
#include "service.hpp"

sp::Response inbox(sp::SignedIn me) {
  return sp::Response::text(std::string(me.email)).header("CDN-Cache-Control", "public, max-age=600");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/inbox", sp::signed_in, inbox);
  return app.run();
}
