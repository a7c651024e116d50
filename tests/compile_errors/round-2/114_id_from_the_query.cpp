// V1 pages: Names an element after what the query says, which hides variables of the page's script. Should happen: does not compile.
// Request: GET /show?q=config: is there <form id="config">?
#include "service.hpp"

struct Search {
  sp::Line<0, 200> q;
};
sp::Page show(sp::Query<Search> q) {
  return sp::Page{
      .title = "Search",
      .body = sp::html<"<form method=\"post\" action=\"/login\" id=\"{}\"><input name=\"x\"></form>">(q->q)};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show", sp::anyone("a public search"), show);
  return app.run();
}
