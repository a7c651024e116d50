// The web socket of the development server stays in the policy.
#include "../round-2/service.hpp"

sp::Page board() {
  return {.title = "Board", .scripts = {"/board.js"}, .body = sp::html<"<main id=\"board\"></main>">()};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.asset("/board.js", sp::AssetType::javascript, "");
  app.get("/board", sp::anyone("the public board"), sp::csp{"connect-src 'self' ws://localhost:3000"}, board);
  return app.run();
}
