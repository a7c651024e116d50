// M7 NoSQL and JSON types: Takes an optional text, and a client sends an object, a list or false. Should happen: is neutralised.
// Request: POST /find {"name":{"$ne":null}}, {"name":[]}, {"name":false}: 400?
#include "service.hpp"

struct Find {
  std::optional<sp::Line<1, 40>> name;
};
sp::Response find(sp::Body<Find> in) { return sp::Response::text(in->name ? "named" : "everybody"); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/find", sp::anyone("a public search"), find);
  return app.run();
}
