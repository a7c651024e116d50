// A program that holds the test kit, which production refuses.
#include "routes.hpp"

int main(int argc, char** argv) {
  if (argc > 99) return static_cast<int>(asked().size());
  sp::App app{argc, argv};
  routes(app);
  return app.run();
}
