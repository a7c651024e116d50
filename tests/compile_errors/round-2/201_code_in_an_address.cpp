// V6 secrets and logs: Puts a one-time code into an address, which logs and histories keep. Should happen: does not compile.
// Request: GET /link: an address with the code?
#include "service.hpp"

sp::Page reset_page(sp::SignedIn) {
  const std::string code = "483920";
  return sp::Page{.title = "Link", .body = sp::html<"<a href=\"{}\">reset</a>">(sp::local_url<"/reset?code={}">(code))};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/link", sp::signed_in, reset_page);
  return app.run();
}
