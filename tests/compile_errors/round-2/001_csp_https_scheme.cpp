// M1 headers: Loads pictures and fonts from any https address, since the CDN changes its name. Should happen: does not compile.
#include "service.hpp"

sp::Page home() { return sp::Page{.title = "Home", .body = sp::html<"<h1>Home</h1>">()}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/home", sp::anyone("the public home page"), sp::csp{"img-src 'self' https:; font-src https://*.gstatic.com"},
          home);
  return app.run();
}
