// V1 pages: Keeps the shop's settings in a script that is an asset, and changes it while the service runs. Should happen: is neutralised.
// Request: POST /theme {"name":"\";alert(1)//"}, then GET /theme.js: the user's text in a script?
#include "service.hpp"

struct Theme {
  sp::Line<1, 40> name;
};
std::string script = "const theme = \"                                                                \";";
sp::NoContent set(sp::Body<Theme> in) {
  const std::string text = "const theme = \"" + std::string(in->name.view()) + "\";";
  script.replace(0, text.size(), text);
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/theme", sp::anyone("a public theme"), set);
  app.asset("/theme.js", sp::AssetType::javascript, script);
  return app.run();
}
