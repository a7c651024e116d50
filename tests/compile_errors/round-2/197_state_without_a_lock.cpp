// lifetimes: Shares a std::map between all handlers without a lock. Should happen: does not compile.
// Request: POST /visit from many clients at once: does the process live?
#include "service.hpp"

#include <map>

using Visits = std::map<std::string, std::string>;
struct Visit {
  sp::Line<1, 40> page;
};
Reply visit(sp::Body<Visit> in, sp::State<Visits> visits) {
  (*visits)[std::string(in->page.view())] += "x";
  return {std::to_string(visits->size())};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Visits>();
  app.post("/visit", sp::anyone("counts for all"), visit);
  return app.run();
}
