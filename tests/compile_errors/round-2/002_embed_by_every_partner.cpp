// M1 headers: Lets every sub-domain of the partner frame the page. Should happen: does not compile.
#include "service.hpp"

sp::Page widget() { return sp::Page{.title = "Widget", .body = sp::html<"<button>Pay</button>">()}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/widget", sp::anyone("shown by the partner"), sp::embeddable{"https://*.partner.example"}, widget);
  return app.run();
}
