// V5 start: Serves a folder to anyone, and a folder within it to those who are signed in. Should happen: refuses to start.
// Request: GET /site/reports/q3.csv without a session: the report?
#include "service.hpp"

#include <filesystem>
#include <fstream>

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  std::filesystem::create_directories("site/reports");
  std::ofstream("site/reports/q3.csv") << "secret";
  app.files("/site", sp::anyone("the public site"), "site");
  app.files("/reports", sp::signed_in, "site/reports");
  return app.run();
}
