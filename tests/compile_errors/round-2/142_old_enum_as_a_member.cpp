// M7 NoSQL and JSON types: Takes an old enum, and casts whatever number comes. Should happen: does not compile.
#include "service.hpp"

enum Plan { free_plan, gold_plan };
struct In {
  Plan plan;
};
sp::Response save(sp::Body<In> in) { return sp::Response::text(std::to_string(in->plan)); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/save", sp::anyone("a public form"), save);
  return app.run();
}
