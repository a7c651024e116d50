// M1 headers: Puts the tenant's own CDN into the policy when the service starts. Should happen: does not compile.
#include "service.hpp"

sp::Page home() { return sp::Page{.title = "Home", .body = sp::html<"<h1>Home</h1>">()}; }
std::string cdn() { return "https://cdn.tenant.example"; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/home", sp::anyone("the public home page"), sp::csp{("img-src " + cdn()).c_str()}, home);
  return app.run();
}
