// V1 pages: Writes a colour from the query into a style attribute. Should happen: does not compile.
#include "service.hpp"

struct Search {
  sp::Line<0, 200> q;
};
sp::Page show(sp::Query<Search> q) {
  return sp::Page{.title = "Search", .body = sp::html<"<p style=\"color:{}\">x</p>">(q->q)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show", sp::anyone("a public search"), show);
  return app.run();
}
