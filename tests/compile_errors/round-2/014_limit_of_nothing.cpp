// M2 limits: Writes 0 for "no limit". Should happen: does not compile.
#include "service.hpp"

sp::Response search() { return sp::Response::text("nothing"); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/search", sp::anyone("a search for everybody"), sp::limit{"search", 0, 1min}, search);
  return app.run();
}
