// Waiting for time to pass, without holding the event loop.
#pragma once

#include <sallyport/job.hpp>

#include <chrono>
#include <coroutine>

namespace sallyport {

/// `co_await sleep_for(2s);` goes on after at least that time, at most a quarter of a second later. Ends early, with the handler, when the request
/// is given up (over HTTP/1.1 a client that has gone is noticed when something is written to it). It counts towards `limits.handler_seconds`, except in an `EventStream`.
class [[nodiscard("TASK-003: nothing happens until it is awaited: write co_await before the call")]] sleep_for {
 public:
  // Here as well: g++ looks at constructors only.
  [[nodiscard("TASK-003: nothing happens until it is awaited: write co_await before the call")]] explicit sleep_for(
      std::chrono::nanoseconds time) noexcept
      : time_(time) {}

  bool await_ready() const noexcept { return time_ <= std::chrono::nanoseconds(0); }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiter) const noexcept {
    waiter.promise().context->wake_after(time_, waiter);
  }
  void await_resume() const noexcept {}

 private:
  std::chrono::nanoseconds time_;
};

}  // namespace sallyport
