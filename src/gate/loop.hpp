// What an exchange needs of the event loop it runs on.
#pragma once

#include <sallyport/job.hpp>

#include "ops/clock.hpp"
#include "ops/log.hpp"
#include "wire/timing_wheel.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::gate {

class Loop {
 public:
  Loop(const ops::Clock& the_clock, ops::LogBuffer& the_log) : clock(the_clock), log(the_log) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Has `job.finish()` called on this loop's thread; from any thread, never blocks.
  virtual void post(detail::Job& job) noexcept = 0;

  const ops::Clock& clock;
  ops::LogBuffer& log;

  /// The deadlines of this loop; on its thread.
  wire::TimingWheel wheel{clock.now()};

  /// How late the last turn of the wheel came: the loop has more to do than it can.
  std::chrono::nanoseconds lag{};

  /// The whole Date field line (RFC 9110 5.6.7, 6.6.1), formatted once per second.
  [[nodiscard]] std::string_view date_field();
  /// The field's value.
  [[nodiscard]] std::string_view date();

 protected:
  ~Loop() = default;

 private:
  std::int64_t date_second_ = -1;
  static constexpr std::size_t date_offset = 6;
  std::array<char, date_offset + 29 + 2> date_line_{};
};

}  // namespace sallyport::gate
