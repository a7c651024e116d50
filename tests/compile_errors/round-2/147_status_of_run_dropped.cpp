// V5 start: Calls run and returns 0: a refusal looks like success to the supervisor. Should happen: does not compile.
// Request: start it without a key: exit status 0?
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.run();
  return 0;
}
