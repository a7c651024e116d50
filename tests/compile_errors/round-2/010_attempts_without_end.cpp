// M2 limits: Allows a hundred thousand wrong passwords a second, so that the load test passes. Should happen: does not compile or refuses to start.
// Request: POST /enter 30 times with wrong passwords: still 401?
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the sign-in form"),
           sp::attempts{.max = 100'000, .per = 1s, .max_per_source = 1'000'000}, sign_in);
  return app.run();
}
