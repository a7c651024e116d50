// lifetimes: Keeps the caller in a global, as middleware does with req.user. Should happen: does not compile.
// Request: GET /first as Alice, then GET /second as Bob: whose name, from whose memory?
#include "service.hpp"

std::optional<sp::SignedIn> current;
Reply first(sp::SignedIn me) {
  current.emplace(me);
  return {"kept"};
}
Reply second() { return {current ? std::string(current->email) : "nobody"}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/first", sp::signed_in, first);
  app.get("/second", sp::anyone("says who was here"), second);
  return app.run();
}
