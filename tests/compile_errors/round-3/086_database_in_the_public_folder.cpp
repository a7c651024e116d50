// The database lies in the folder that everybody reads.
#include "../round-2/service.hpp"

#include <cstdlib>

Reply home() { return {"hello"}; }

int main(int argc, char** argv) {
  setenv("SALLYPORT_DATABASE_PATH", "public/data", 1);
  sp::App app{argc, argv};
  begin(app);
  app.get("/", sp::anyone("the home page"), home);
  app.files("/public", sp::anyone("pictures and styles"), "public");
  return app.run();
}
