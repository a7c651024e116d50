// V1 pages: Takes the language of the page from the query. Should happen: is neutralised.
// Request: GET /show?q=en%22%3E%3Cscript%3E: does it break out of lang=""?
#include "service.hpp"

struct Search {
  sp::Line<0, 200> q;
};
sp::Page show(sp::Query<Search> q) {
  return sp::Page{.title = std::string(q->q.view()),
                  .lang = std::string(q->q.view()),
                  .description = std::string(q->q.view()),
                  .body = sp::html<"<p>x</p>">()};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/show", sp::anyone("a public search"), show);
  return app.run();
}
