// code: STATE-003
// cases: 6
// What all event loops share is constant, or changed by one at a time.
#include <sallyport/sallyport.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace sp = sallyport;

using Visits = std::map<std::string, int>;
struct Prices {
  std::map<std::string, int> of;
};
class Cache {
 public:
  int count() const {
    const std::lock_guard lock(mutex_);
    return ++count_;
  }

 private:
  mutable std::mutex mutex_;
  mutable int count_ = 0;
};
struct Shared {
  std::unique_ptr<Visits> visits;
};

void routes(sp::Router& app) {
#ifndef CASE
  app.post("/a", sp::anyone("counts for all"), [](sp::State<sp::Locked<Visits>> visits) {
    visits->with([](Visits& all) { ++all["a"]; });
    const std::size_t size = visits->with([](const Visits& all) { return all.size(); });
    return sp::Response::text(std::to_string(size));
  });
  app.post("/b", sp::anyone("counts for all"), [](sp::State<std::atomic<int>> count, sp::State<const Cache> cache) {
    return sp::Response::text(std::to_string(++*count + cache->count()));
  });
  app.get("/c", sp::anyone("prices for all"),
          [](sp::State<const Prices> prices) { return sp::Response::text(std::to_string(prices->of.at("a"))); });
#elif CASE == 1
  app.post("/a", sp::anyone("counts for all"), [](sp::State<Visits> visits) {
    ++(*visits)["a"];
    return sp::NoContent{};
  });
#elif CASE == 2
  app.post("/a", sp::anyone("counts for all"), [](sp::State<int> count) -> sp::Task<sp::NoContent> {
    ++*count;
    co_return {};
  });
#elif CASE == 3
  app.get("/a", sp::anyone("prices for all"),
          [](sp::State<Prices> prices) { return sp::Response::text(std::to_string(prices->of.at("a"))); });
#elif CASE == 4
  app.get(
      "/a", sp::anyone("counts for all"),
      [](sp::State<Cache> cache) -> sp::Stream<"text/plain"> { co_yield std::to_string(cache->count()); });
#elif CASE == 5
  app.post("/a", sp::anyone("counts for all"), [](sp::State<const std::shared_ptr<Visits>> visits) {
    ++(**visits)["a"];
    return sp::NoContent{};
  });
#elif CASE == 6
  app.post("/a", sp::anyone("counts for all"), [](sp::State<const Shared> shared) {
    ++(*shared->visits)["a"];
    return sp::NoContent{};
  });
#endif
}
