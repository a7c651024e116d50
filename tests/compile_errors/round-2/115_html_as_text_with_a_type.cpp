// V1 pages: Answers HTML by hand and sets its type. Should happen: does not compile.
// Request: GET /show?q=%3Cscript%3E: a document?
#include "service.hpp"

struct Search {
  sp::Line<0, 200> q;
};
sp::Response show(sp::Query<Search> q) {
  return sp::Response::text("<h1>" + std::string(q->q.view()) + "</h1>").header("Content-type", "text/html");
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show", sp::anyone("a public search"), show);
  return app.run();
}
