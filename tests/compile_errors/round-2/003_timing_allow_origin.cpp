// M1 headers: Lets every site time the answers, as the monitoring vendor asks. Should happen: does not compile.
#include "service.hpp"

sp::Response data() { return sp::Response::text("7").header("Timing-Allow-Origin", "*"); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/data", sp::anyone("numbers for everybody"), data);
  return app.run();
}
