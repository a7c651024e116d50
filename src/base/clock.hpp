// Time as a dependency: code that reads the time takes a Clock, so that tests set it by hand and never sleep.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace sallyport::base {

/// Where the time comes from. Implementations may be read from any thread.
class Clock {
 public:
  using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::nanoseconds>;
  using WallTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Never goes back: deadlines, limits and durations.
  [[nodiscard]] virtual SteadyTime now() const noexcept = 0;
  /// UTC, may be set by the administrator: log lines, expiry dates that outlive the process.
  [[nodiscard]] virtual WallTime wall() const noexcept = 0;
};

/// The machine's time.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const noexcept override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] WallTime wall() const noexcept override { return std::chrono::system_clock::now(); }
};

/// A clock that stands still until a test moves it. Starts at 2026-01-01T00:00:00Z.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime now() const noexcept override {
    return SteadyTime{std::chrono::nanoseconds{steady_.load(std::memory_order_acquire)}};
  }
  [[nodiscard]] WallTime wall() const noexcept override {
    return WallTime{std::chrono::nanoseconds{wall_.load(std::memory_order_acquire)}};
  }

  /// Both times pass by `step`.
  void advance(std::chrono::nanoseconds step) noexcept {
    steady_.fetch_add(step.count(), std::memory_order_acq_rel);
    wall_.fetch_add(step.count(), std::memory_order_acq_rel);
  }
  /// The administrator sets the wall clock; steady time does not notice.
  void set_wall(WallTime time) noexcept { wall_.store(time.time_since_epoch().count(), std::memory_order_release); }

 private:
  // Not zero, so that "now minus an hour" stays representable as a time after the start.
  std::atomic<std::int64_t> steady_{86'400'000'000'000};
  std::atomic<std::int64_t> wall_{1'767'225'600'000'000'000};
};

}  // namespace sallyport::base
