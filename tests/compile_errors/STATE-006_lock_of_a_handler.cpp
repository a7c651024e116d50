// code: STATE-006
// cases: 4
// A lock that a handler can hold over co_await stops the event loop.
#include <sallyport/sallyport.hpp>

#include <chrono>
#include <mutex>
#include <shared_mutex>

namespace sp = sallyport;
using namespace std::chrono_literals;

struct Counter {
  std::mutex mutex;
  int n = 0;
};
struct Guarded {
  mutable std::shared_mutex mutex;
  mutable int n = 0;
};
struct Plain {
  int n = 0;
};

void routes(sp::App& app) {
#ifndef CASE
  app.provide<sp::Locked<Plain>>();
  app.post("/a", sp::anyone("counts for all"), [](sp::State<sp::Locked<Plain>> counter) -> sp::Task<sp::Response> {
    const int n = counter->with([](Plain& all) { return ++all.n; });
    co_await sp::sleep_for(300ms);
    co_return sp::Response::text(std::to_string(n));
  });
#elif CASE == 1
  app.post("/a", sp::anyone("counts for all"), [](sp::State<Counter> counter) -> sp::Task<sp::Response> {
    const std::lock_guard lock(counter->mutex);
    co_await sp::sleep_for(300ms);
    co_return sp::Response::text(std::to_string(++counter->n));
  });
#elif CASE == 2
  app.post("/a", sp::anyone("counts for all"), [](sp::State<const Guarded> counter) -> sp::Task<sp::Response> {
    const std::unique_lock lock(counter->mutex);
    co_await sp::sleep_for(300ms);
    co_return sp::Response::text(std::to_string(++counter->n));
  });
#elif CASE == 3
  app.post("/a", sp::anyone("one after the other"), [](sp::State<std::mutex> mutex) -> sp::Task<sp::NoContent> {
    const std::lock_guard lock(*mutex);
    co_await sp::sleep_for(300ms);
    co_return {};
  });
#elif CASE == 4
  app.provide<Counter>();
#endif
}
