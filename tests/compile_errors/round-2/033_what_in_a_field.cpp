// M4 errors: Sends e.what() in a field, for those who debug. Should happen: is neutralised.
// Request: POST /fail: does the answer name the query or the table?
#include "service.hpp"

#include <stdexcept>

sp::Response handler() {
  try {
    throw std::runtime_error("UNIQUE failed: notes.title in INSERT INTO notes");
  } catch (const std::exception& e) {
    return sp::Response::empty(204).header("X-Debug", e.what());
  }
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/fail", sp::anyone("it fails always"), handler);
  return app.run();
}
