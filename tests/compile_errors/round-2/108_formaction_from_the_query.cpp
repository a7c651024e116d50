// V1 pages: Sends a form to the address that the query names, by formaction. Should happen: does not compile.
#include "service.hpp"

struct Search {
  sp::Line<0, 200> q;
};
sp::Page show(sp::Query<Search> q) {
  return sp::Page{
      .title = "Search",
      .body = sp::html<"<form method=\"post\" action=\"/login\"><button formaction=\"{}\">Go</button></form>">(q->q)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show", sp::anyone("a public search"), show);
  return app.run();
}
