// M1 headers: Names a script of a CDN in the page. Should happen: does not compile.
#include "service.hpp"

sp::Page home() {
  return sp::Page{.title = "Home", .scripts = {"https://cdn.jsdelivr.net/npm/vue"}, .body = sp::html<"<div></div>">()};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/home", sp::anyone("the public home page"), home);
  return app.run();
}
