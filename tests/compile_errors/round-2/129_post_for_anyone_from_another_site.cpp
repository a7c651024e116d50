// V2 CSRF: Has a POST for anyone that opens the gate of the company's network. Should happen: is neutralised.
// Request: POST /gate with Origin: https://evil.example and no cookie: opened?
#include "service.hpp"

#include <atomic>

std::atomic<bool> open = false;
sp::NoContent gate() {
  open = true;
  return {};
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.post("/gate", sp::anyone("only our network reaches it"), gate);
  return app.run();
}
