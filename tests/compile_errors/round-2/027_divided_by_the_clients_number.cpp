// M3 body: Divides by a number of the body. Should happen: is neutralised.
// Request: POST /share {"people":0}: does the process live?
#include "service.hpp"

struct Share {
  int people;
};
sp::Response share(sp::Body<Share> in) { return sp::Response::text(std::to_string(100 / in->people)); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/share", sp::anyone("a public form"), share);
  return app.run();
}
