// lifetimes: Throws a number, and a text, as one throws anything in JavaScript. Should happen: is neutralised.
// Request: GET /throw?n=1 and 2: 500 without the text?
#include "service.hpp"

struct In {
  int n;
};
Reply thrower(sp::Query<In> q) {
  if (q->n == 1) throw 42;
  throw "the password of the database is hunter2";
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/throw", sp::anyone("throws for tests"), thrower);
  return app.run();
}
