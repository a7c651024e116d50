// V1 pages: Streams XHTML with the users' text in it. Should happen: does not compile.
#include "service.hpp"

sp::Stream<"application/xhtml+xml"> show(sp::SignedIn me) { co_yield "<p>" + std::string(me.name) + "</p>"; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show", sp::signed_in, show);
  return app.run();
}
