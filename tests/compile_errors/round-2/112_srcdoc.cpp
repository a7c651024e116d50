// V1 pages: Shows the user's HTML in a frame by srcdoc. Should happen: does not compile.
#include "service.hpp"

struct Search {
  sp::Line<0, 200> q;
};
sp::Page show(sp::Query<Search> q) {
  return sp::Page{.title = "Search", .body = sp::html<"<iframe srcdoc=\"{}\"></iframe>">(q->q)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show", sp::anyone("a public search"), show);
  return app.run();
}
