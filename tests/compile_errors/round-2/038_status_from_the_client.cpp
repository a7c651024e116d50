// M4 errors: Answers the status that the client asks for. Should happen: is neutralised.
// Request: GET /echo?status=101 and 99 and 1000 and -1: is the answer well-formed?
#include "service.hpp"

struct Echo {
  int status;
};
sp::Response echo(sp::Query<Echo> q) { return sp::Response::text("echo", q->status); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/echo", sp::anyone("a tool for tests"), echo);
  return app.run();
}
