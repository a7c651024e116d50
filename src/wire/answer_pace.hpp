// Whether a client takes its answers: judged by what its system has acknowledged, not by what our own takes.
#pragma once

#include "base/minimum_rate.hpp"
#include "ops/settings.hpp"
#include "wire/session.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace sallyport::wire {

/// What a client has earned by reading lasts this long at most, while it reads nothing.
inline constexpr std::chrono::seconds longest_pause{300};

/// The first bytes of a connection fill the buffers of its client's system, and say nothing about whether it reads.
inline constexpr std::uint64_t first_buffers = std::uint64_t{90} * 1024;

/// A socket with megabytes of buffer takes nothing for a minute from a client that reads 50 kB a second. So before anybody is cut, the kernel
/// is asked.
class AnswerPace {
 public:
  using Time = Session::Time;

  AnswerPace(const ops::LimitSettings& limits, const Session::Driver& driver) noexcept
      : driver_(driver), rate_(rate_of(limits)) {}

  [[nodiscard]] static base::MinimumRate rate_of(const ops::LimitSettings& limits) noexcept {
    return {std::chrono::seconds(limits.write_seconds), limits.write_bytes_per_second, longest_pause};
  }

  /// The client is waited for from now on; until when.
  Time wait(Time now) noexcept {
    if (!rate_.waiting()) acknowledged_ = driver_.acknowledged();
    return rate_.wait(now);
  }
  [[nodiscard]] bool waiting() const noexcept { return rate_.waiting(); }
  /// The socket has taken so many bytes. That ends a wait.
  void moved(Time now, std::uint64_t bytes) noexcept {
    if (rate_.waiting()) rate_.moved(now, progress(bytes));
  }
  /// Whether the client is too slow, counting what it has acknowledged meanwhile. If not, it is waited for still.
  [[nodiscard]] bool over(Time now) noexcept {
    if (now < wait(now)) return false;
    rate_.moved(now, progress(0));
    return now >= rate_.wait(now);
  }

 private:
  std::uint64_t progress(std::uint64_t taken) noexcept {
    const std::optional<std::uint64_t> seen = driver_.acknowledged();
    if (!seen || !acknowledged_) return taken;
    return std::max(*seen, first_buffers) - std::max(std::exchange(*acknowledged_, *seen), first_buffers);
  }

  const Session::Driver& driver_;
  base::MinimumRate rate_;
  std::optional<std::uint64_t> acknowledged_;  // when the wait began, or was last judged
};

}  // namespace sallyport::wire
