// M3 body: Takes whatever members the client sends, as req.body is. Should happen: does not compile.
#include "service.hpp"

#include <string>
#include <unordered_map>

sp::Response save(sp::Body<std::unordered_map<std::string, std::string>>) { return sp::Response::empty(); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/save", sp::signed_in, save);
  return app.run();
}
