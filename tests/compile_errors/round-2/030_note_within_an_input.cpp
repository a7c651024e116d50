// M3 body: Wraps the entity into an input struct, to save typing. Should happen: does not compile.
#include "service.hpp"

struct SaveNote {
  Note note;
};
sp::Response save(sp::Body<SaveNote>) { return sp::Response::empty(); }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/save", sp::signed_in, save);
  return app.run();
}
