// lifetimes: Sleeps in a handler for ten seconds, as with a synchronous HTTP client. Should happen: is neutralised.
// Request: GET /slow eight times at once, then GET /fast: how long?
#include "service.hpp"

#include <thread>

Reply slow() {
  std::this_thread::sleep_for(10s);
  return {"slow"};
}
Reply fast() { return {"fast"}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/slow", sp::anyone("a slow answer"), slow);
  app.get("/fast", sp::anyone("a fast answer"), fast);
  return app.run();
}
