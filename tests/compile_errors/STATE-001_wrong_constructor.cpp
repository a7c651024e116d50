// code: STATE-001
// cases: 3
// Shared state from arguments that its type can not be made of.
#include <sallyport/sallyport.hpp>

#include <string>

namespace sp = sallyport;

struct Prices {
  explicit Prices(std::string from, int per_day = 1) : source(std::move(from)), calls(per_day) {}
  std::string source;
  int calls;
};

int main(int argc, char** argv) {
  sp::App app(argc, argv);
#ifndef CASE
  app.provide<Prices>("prices.json").provide<int>();
#elif CASE == 1
  app.provide<Prices>();
#elif CASE == 2
  app.provide<Prices>(7);
#elif CASE == 3
  app.provide<Prices>("prices.json", 2, 3);
#endif
  return app.run();
}
