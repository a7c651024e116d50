// V5 start: Registers a path twice, once for anyone and once for administrators. Should happen: refuses to start.
#include "service.hpp"

sp::Response open() { return sp::Response::text("open"); }
sp::Response closed() { return sp::Response::text("closed"); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/report", sp::anyone("the public report"), open);
  app.get("/report", sp::role("admin"), closed);
  return app.run();
}
