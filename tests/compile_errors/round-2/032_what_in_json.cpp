// M4 errors: Sends e.what() in a struct with a view, as err.message in Express. Should happen: is neutralised.
// Request: POST /fail: does the answer name the query or the table?
#include "service.hpp"

#include <stdexcept>

struct Failure {
  std::string message;
};
template <>
struct sp::view<Failure> {
  using show = fields<&Failure::message>;
};
sp::Response handler() {
  try {
    throw std::runtime_error("UNIQUE failed: notes.title in INSERT INTO notes");
  } catch (const std::exception& e) {
    return sp::Response::json(Failure{e.what()}, 500);
  }
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/fail", sp::anyone("it fails always"), handler);
  return app.run();
}
