// M3 body: Dereferences Url::parse of the link that a user typed. Should happen: is neutralised.
// Request: POST /link {"website":"javascript:alert(1)"}: does the process live?
#include "service.hpp"

struct Link {
  sp::Line<1, 200> website;
};
sp::Page show(sp::Body<Link> in) {
  return sp::Page{.title = "Link", .body = sp::html<"<a href=\"{}\">site</a>">(*sp::Url::parse(in->website.view()))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/link", sp::anyone("a public form"), show);
  return app.run();
}
