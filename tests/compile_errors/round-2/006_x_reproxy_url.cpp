// M1 headers: Hands an address from the query to a proxy that fetches it (perlbal, nginx modules). Should happen: does not compile.
// Request: GET /fetch?at=http://169.254.169.254/ : does X-Reproxy-URL leave the service?
#include "service.hpp"

struct Where {
  sp::Line<1, 200> at;
};
sp::Response fetch(sp::Query<Where> q) {
  return sp::Response::empty(200).header("X-Reproxy-URL", std::string(q->at.view()));
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/fetch", sp::anyone("a proxy fetches it"), fetch);
  return app.run();
}
