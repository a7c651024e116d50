// An event loop on the test's own thread: tasks run on it until they are done.
#pragma once

#include <sallyport/task.hpp>

#include "base/clock.hpp"
#include "net/background.hpp"
#include "net/event_loop.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

namespace sallyport::testing {

class LoopRunner {
 public:
  LoopRunner() : LoopRunner(nullptr) {}
  /// With a time that the test moves.
  explicit LoopRunner(const base::ManualClock& clock) : LoopRunner(&clock) {}

  [[nodiscard]] net::EventLoop& loop() noexcept { return loop_; }

  /// Does what there is to do without waiting.
  void turn() {
    loop_.context().restart();
    loop_.context().poll();
    loop_.tick();
  }
  /// Until `holds`, or for as long as a slow machine may take.
  [[nodiscard]] bool until(const std::function<bool()>& holds,
                           std::chrono::milliseconds time = std::chrono::seconds(30)) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      loop_.context().restart();
      loop_.context().run_one_for(std::chrono::milliseconds(5));
      loop_.tick();
    }
    return true;
  }
  /// What `task` answers, or throws what it throws.
  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    const net::Background running(loop_, keep(detail::OwnedTask<T>(task), result));
    if (!until([&] { return !running.running(); })) throw std::runtime_error("the task does not end");
    if (running.failure()) std::rethrow_exception(running.failure());
    return std::move(*result);
  }
  void run(Task<void> task) {
    const net::Background running(loop_, given_on(detail::OwnedTask<void>(task)));
    if (!until([&] { return !running.running(); })) throw std::runtime_error("the task does not end");
    if (running.failure()) std::rethrow_exception(running.failure());
  }

 private:
  explicit LoopRunner(const base::Clock* clock) : loop_(clock ? *clock : system_) {}

  template <class T>
  static Task<void> keep(detail::OwnedTask<T> task, std::optional<T>& result) {
    result.emplace(co_await detail::AwaitedTask<T>(std::move(task)));
  }
  static Task<void> given_on(detail::OwnedTask<void> task) { co_await detail::AwaitedTask<void>(std::move(task)); }

  base::SystemClock system_;
  net::EventLoop loop_;
};

}  // namespace sallyport::testing
