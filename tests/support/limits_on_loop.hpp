// Limits counted in Redis, on an event loop of the test's own.
#pragma once

#include "limits/redis_limits.hpp"
#include "support/loop_runner.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::testing {

class LimitsOnLoop {
 public:
  explicit LimitsOnLoop(const ops::RedisSettings& settings, limits::RemoteLimits::OnChange on_change = {},
                        const base::Clock* clock = nullptr)
      : limits_(std::make_unique<limits::RedisLimits>(settings, std::move(on_change), clock)) {}

  /// As a service starts.
  std::string connect() {
    std::string wrong = limits_->connect();
    limits_->attach(loop());
    return wrong;
  }
  void end() { limits_.reset(); }

  [[nodiscard]] net::EventLoop& loop() noexcept { return runner_.loop(); }
  [[nodiscard]] LoopRunner& runner() noexcept { return runner_; }
  [[nodiscard]] limits::RedisLimits& limits() noexcept { return *limits_; }

  limits::Decision charge(std::span<const limits::Charge> charges, std::int64_t* counted_at_ns = nullptr) {
    return runner_.run(limits_->charge(loop(), charges, counted_at_ns));
  }
  void give_back(std::span<const limits::Charge> charges, std::int64_t counted_at_ns) {
    limits_->give_back(loop(), charges, counted_at_ns);
  }
  void forget(const limits::Charge& charge) { limits_->forget(loop(), charge); }
  [[nodiscard]] bool available() const noexcept { return limits_->available(); }
  [[nodiscard]] std::uint64_t lost() const noexcept { return limits_->lost(); }
  bool becomes(bool available) {
    return runner_.until([&] { return limits_->available() == available; });
  }

  /// `count` decisions at once; `meanwhile` happens when all have been asked for and before the loop goes on.
  std::vector<limits::Decision> charge_at_once(const limits::Charge& charge, std::size_t count,
                                               const std::function<void()>& meanwhile = {}) {
    std::vector<limits::Decision> decisions(count);
    std::vector<net::Background> tasks;
    tasks.reserve(count);
    std::size_t running = count;
    const auto ask = [&](limits::Decision& decision) -> Task<void> {
      decision = co_await limits_->charge(loop(), {&charge, 1});
      --running;
    };
    for (limits::Decision& decision : decisions) tasks.push_back(net::Background(loop(), ask(decision)));
    loop().context().restart();
    loop().context().poll_one();
    if (meanwhile) meanwhile();
    if (!runner_.until([&] { return running == 0; })) throw std::runtime_error("some decisions never come");
    return decisions;
  }

 private:
  LoopRunner runner_;
  std::unique_ptr<limits::RedisLimits> limits_;  // goes before the loop
};

}  // namespace sallyport::testing
