// lifetimes: Holds a mutex over co_await: the next request on the same thread waits for ever. Should happen: does not compile or is neutralised.
// Request: POST /count eight times at once: does the service still answer?
#include "service.hpp"

#include <mutex>

struct Counter {
  std::mutex mutex;
  int n = 0;
};
sp::Task<Reply> count(sp::State<Counter> counter) {
  const std::lock_guard lock(counter->mutex);
  co_await sp::sleep_for(300ms);
  co_return Reply{std::to_string(++counter->n)};
}
Reply fast() { return {"fast"}; }

int main(int argc, char** argv) {
  sp::App app{argc, argv};
  begin(app);
  app.provide<Counter>();
  app.post("/count", sp::anyone("counts for all"), count);
  app.get("/fast", sp::anyone("a fast answer"), fast);
  return app.run();
}
