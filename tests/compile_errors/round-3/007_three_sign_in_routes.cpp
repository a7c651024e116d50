// The page, the API and its second version sign in, each with five attempts of its own.
#include "../round-2/service.hpp"

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/api/login", sp::anyone("the sign-in of the app"), sp::attempts{.max = 5, .per = 15min}, sign_in);
  app.post("/api/v2/login", sp::anyone("the sign-in of the app"), sp::attempts{.max = 5, .per = 15min}, sign_in);
  return app.run();
}
