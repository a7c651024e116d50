// M2 limits: Lets anyone open event streams, as many as there are. Should happen: is limited.
// Request: GET /ticks 300 times at once from one address: all of them 200?
#include "service.hpp"

sp::EventStream ticks() {
  for (;;) {
    co_yield sp::Event("tick");
    co_await sp::sleep_for(1s);
  }
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/ticks", sp::anyone("ticks for all"), ticks);
  return app.run();
}
