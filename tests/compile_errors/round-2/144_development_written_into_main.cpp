// V5 start: Writes --mode development into main, so that it starts everywhere. Should happen: refuses to start.
#include "service.hpp"

sp::Response home() { return sp::Response::text("home"); }

int main(int argc, char** argv) {
  char mode[] = "--mode";
  char development[] = "development";
  std::vector<char*> arguments(argv, argv + argc);
  arguments.push_back(mode);
  arguments.push_back(development);
  sp::App app{static_cast<int>(arguments.size()), arguments.data()};
  begin(app);
  app.get("/home", sp::anyone("the public home page"), home);
  return app.run();
}
