// M2 limits: Forgets the unit of time: the window of the attempts is zero seconds. Should happen: does not compile or refuses to start.
// Request: POST /enter 30 times with wrong passwords: still 401?
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 0s}, sign_in);
  return app.run();
}
