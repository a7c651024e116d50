// M3 body: Takes the first tag of a list that may be empty. Should happen: is neutralised.
// Request: POST /tags {"tags":[]}: does the process live?
#include "service.hpp"

struct Tags {
  sp::List<sp::Line<1, 20>, 10> tags;
};
sp::Response save(sp::Body<Tags> in) { return sp::Response::text(std::string(in->tags[0].view())); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/tags", sp::anyone("a public form"), save);
  return app.run();
}
