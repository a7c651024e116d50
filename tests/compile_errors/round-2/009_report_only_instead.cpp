// M1 headers: Writes csp_report_only with what the page needs, and believes that it is the policy. Should happen: is neutralised.
// Request: GET /home: is the default policy still enforced?
#include "service.hpp"

sp::Page home() { return sp::Page{.title = "Home", .body = sp::html<"<h1>Home</h1>">()}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/home", sp::anyone("the public home page"), sp::csp_report_only{"img-src 'self'"}, home);
  return app.run();
}
