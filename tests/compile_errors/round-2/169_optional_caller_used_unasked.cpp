// lifetimes: Uses the optional caller without asking whether there is one. Should happen: does not compile or is neutralised.
// Request: GET /hello without a session: does the process live?
#include "service.hpp"

Reply hello(std::optional<sp::SignedIn> me) { return {"hello " + std::string(me->name)}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/hello", sp::anyone("says hello to all"), hello);
  return app.run();
}
