// M7 NoSQL and JSON types: Takes a filter as JSON, sent as it is. Should happen: is neutralised.
// Request: POST /find {"filter":{"$gt":""}}: 400?
#include "service.hpp"

struct Find {
  sp::Text<0, 1000> filter;
};
sp::Response find(sp::Body<Find> in) { return sp::Response::text(std::string(in->filter.view())); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/find", sp::anyone("a public search"), find);
  return app.run();
}
