// V5 start: Serves the folder that the service runs in, with its database in data/. Should happen: refuses to start.
// Request: GET /data/notes.db: the database?
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.files("/", sp::anyone("the public site"), ".");
  return app.run();
}
