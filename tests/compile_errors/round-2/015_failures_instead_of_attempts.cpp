// M2 limits: Limits failures of the sign-in route itself and leaves out attempts. Should happen: does not compile.
#include "service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the sign-in form"), sp::limit{"enter", 5, 15min}.of_failures(), sign_in);
  return app.run();
}
