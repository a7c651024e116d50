// V6 secrets and logs: Shows the environment to anyone, to debug a deployment. Should happen: does not compile.
// Request: GET /debug: the variables?
#include "service.hpp"

#include <unistd.h>

sp::Response debug() {
  std::string out;
  for (char** entry = environ; *entry != nullptr; ++entry) out += std::string(*entry) + "\n";
  return sp::Response::text(out);
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/debug", sp::anyone("for the deployment"), debug);
  return app.run();
}
