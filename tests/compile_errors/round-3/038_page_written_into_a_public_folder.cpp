// A user's profile is written as an HTML file into a folder that is served.
#include "../round-2/service.hpp"

#include <fstream>

struct About {
  sp::Text<0, 2000> html;
};
sp::NoContent publish(sp::Body<About> in, sp::SignedIn me) {
  std::ofstream file("public/" + me.id.text() + ".html");
  file << "<!doctype html><title>About</title>" << in->html.view();
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.put("/about", sp::signed_in, publish);
  app.files("/people", sp::anyone("profiles are public"), "public");
  return app.run();
}
