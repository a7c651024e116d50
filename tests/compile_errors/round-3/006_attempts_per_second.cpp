// The window of attempts is a second, meant as a pause between two tries.
#include "../round-2/service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/api/login", sp::anyone("the sign-in form"), sp::attempts{.max = 5, .per = 1s}, sign_in);
  return app.run();
}
