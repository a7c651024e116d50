// V5 start: Serves / by mistake: the setting of the folder is empty in front of the slash. Should happen: refuses to start.
// Request: GET /etc/passwd below /assets
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  const std::string root;
  app.files("/assets", sp::anyone("pictures for all"), root + "/");
  return app.run();
}
