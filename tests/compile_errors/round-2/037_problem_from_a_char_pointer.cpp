// M4 errors: Gives a Problem the text of an exception by way of a const char*. Should happen: does not compile.
#include "service.hpp"

#include <stdexcept>

sp::Response handler() {
  try {
    throw std::runtime_error("secret");
  } catch (const std::exception& e) {
    const char* why = e.what();
    return sp::Problem(500, "Failed", why);
  }
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/fail", sp::anyone("it fails always"), handler);
  return app.run();
}
