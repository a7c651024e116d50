// What work that waits needs of the event loop it runs on: the time, deadlines, and a way back from other threads.
#pragma once

#include <sallyport/job.hpp>

#include "base/clock.hpp"
#include "base/timing_wheel.hpp"

#include <chrono>

namespace sallyport::net {

class Loop {
 public:
  explicit Loop(const base::Clock& the_clock) : clock(the_clock) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Has `job.finish()` called on this loop's thread; from any thread, never blocks.
  virtual void post(sallyport::detail::Job& job) noexcept = 0;

  const base::Clock& clock;

  /// The deadlines of this loop; on its thread.
  base::TimingWheel wheel{clock.now()};

  /// How late the last turn of the wheel came: a measure of overload.
  std::chrono::nanoseconds lag{};

 protected:
  ~Loop() = default;
};

}  // namespace sallyport::net
