// lifetimes: Marks a handler noexcept, and a function that it calls throws a Problem. Should happen: does not compile or is neutralised.
// Request: GET /strict?n=0: does the process live?
#include "service.hpp"

struct In {
  int n;
};
int checked(int n) {
  if (n == 0) throw sp::Problem(400, "Not zero");
  return n;
}
Reply strict(sp::Query<In> q) noexcept { return {std::to_string(checked(q->n))}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/strict", sp::anyone("a strict function"), strict);
  return app.run();
}
