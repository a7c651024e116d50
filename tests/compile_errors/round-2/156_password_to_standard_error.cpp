// V6 secrets and logs: Prints the password while looking for a bug. Should happen: does not compile.
#include "service.hpp"

#include <iostream>

sp::Response enter(sp::Body<SignIn> in) {
  std::cerr << "sign-in of " << in->email.view() << " with " << in->password << "\n";
  return sp::Response::empty();
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/enter", sp::anyone("the sign-in form"), enter);
  return app.run();
}
