// lifetimes: Keeps a task as one keeps a promise, and awaits it again in the next request. Should happen: does not compile or is neutralised.
// Request: GET /rates twice: does the process live?
#include "service.hpp"

sp::Task<Reply> load() { co_return Reply{"a text that is long enough to be on the heap"}; }
sp::Task<Reply> rates() {
  static sp::Task<Reply> task = load();
  co_return co_await task;
}

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.get("/rates", sp::anyone("rates for all"), rates);
  return app.run();
}
