// M4 errors: Shows e.what() on the error page. Should happen: is neutralised.
// Request: POST /fail: does the answer name the query or the table?
#include "service.hpp"

#include <stdexcept>

sp::Page handler() {
  try {
    throw std::runtime_error("UNIQUE failed: notes.title in INSERT INTO notes");
  } catch (const std::exception& e) {
    return sp::Page{.title = "Error", .body = sp::html<"<pre>{}</pre>">(e.what()), .status = 500};
  }
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/fail", sp::anyone("it fails always"), handler);
  return app.run();
}
