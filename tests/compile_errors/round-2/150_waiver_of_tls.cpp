// V5 start: Waives the code that asks for TLS, since the load balancer does it. Should happen: does not compile.
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.waive("CFG-013", "the load balancer does that for us", "2027-06-30");
  return app.run();
}
