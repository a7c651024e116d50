// M7 NoSQL and JSON types: Takes a number or an object, whichever comes. Should happen: does not compile.
#include "service.hpp"

#include <variant>

struct In {
  std::variant<int, Reply> id;
};
sp::Response save(sp::Body<In>) { return sp::Response::empty(); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/save", sp::signed_in, save);
  return app.run();
}
