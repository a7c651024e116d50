// V1 pages: Reads a script at start and hands the temporary string to asset, which keeps a view of it. Should happen: does not compile.
// Request: GET /app.js: the script, or what lies in that memory now?
#include "service.hpp"

std::string read_script() { return "console.log('" + std::string(200, 'x') + "')"; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.asset("/app.js", sp::AssetType::javascript, read_script());
  return app.run();
}
