// The minimum rate of a peer: a budget of waiting time that each byte refills.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sallyport::base {

/// Only the time spent waiting for the peer counts. Each byte earns 1/rate seconds: a peer that stalls from the beginning is cut after
/// `patience`, a slow one is cut when it has been slower than `bytes_per_second` for that long. What earlier speed has earned is kept up to
/// `most`: the patience that it began with, unless told.
class MinimumRate {
 public:
  using Time = Clock::SteadyTime;

  MinimumRate(std::chrono::seconds patience, std::uint32_t bytes_per_second) noexcept
      : MinimumRate(patience, bytes_per_second, patience) {}
  MinimumRate(std::chrono::seconds patience, std::uint32_t bytes_per_second, std::chrono::seconds most) noexcept
      : most_(std::max(most, patience)), bytes_per_second_(bytes_per_second), budget_(patience) {}

  /// The peer is waited for from now on; until when.
  Time wait(Time now) noexcept {
    if (!waiting_) since_ = now;
    waiting_ = true;
    return since_ + budget_;
  }
  [[nodiscard]] bool waiting() const noexcept { return waiting_; }
  /// So many bytes went through. Waiting ends, and may begin again at once.
  void moved(Time now, std::uint64_t bytes) noexcept {
    if (waiting_) budget_ -= now - since_;
    waiting_ = false;
    // Beyond this nothing changes; it keeps the product below from overflowing.
    const std::uint64_t counted = std::min<std::uint64_t>(bytes, std::uint64_t{1} << 32);
    budget_ = std::min<std::chrono::nanoseconds>(
        most_, budget_ + std::chrono::microseconds(counted * 1'000'000 / bytes_per_second_));
  }

 private:
  std::chrono::nanoseconds most_;
  std::uint32_t bytes_per_second_;
  std::chrono::nanoseconds budget_;
  Time since_{};
  bool waiting_ = false;
};

}  // namespace sallyport::base
