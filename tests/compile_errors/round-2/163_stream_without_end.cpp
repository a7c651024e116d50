// streams and files: Yields for ever: a loop that forgets to count. Should happen: is neutralised.
// Request: GET /numbers: does it end by itself?
#include "service.hpp"

sp::Stream<"text/plain; charset=utf-8"> numbers() {
  for (int n = 0;; n = 0) co_yield std::to_string(n) + "\n";
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/numbers", sp::anyone("numbers for tests"), numbers);
  return app.run();
}
