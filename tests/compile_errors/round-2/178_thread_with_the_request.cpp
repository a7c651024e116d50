// lifetimes: Goes on in a thread with what belongs to the request. Should happen: does not compile.
// Request: POST /slow as Alice, many times: does the process live, under a sanitizer?
#include "service.hpp"

#include <cstdio>
#include <thread>

sp::NoContent slow(sp::SignedIn me) {
  std::thread([me] {
    std::this_thread::sleep_for(100ms);
    std::fprintf(stderr, "%s\n", std::string(me.email).c_str());
  }).detach();
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/slow", sp::signed_in, slow);
  return app.run();
}
