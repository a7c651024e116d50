// How often something may happen.
#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace sallyport::base {

/// Something that may happen so often: a reserve that fills up again with time.
class TokenBucket {
 public:
  constexpr TokenBucket(std::uint32_t reserve, std::uint32_t per_second) noexcept
      : reserve_(reserve), per_second_(per_second), left_(reserve) {}
  /// False: too often.
  [[nodiscard]] bool spend(Clock::SteadyTime now) noexcept {
    if (left_ == 0) {
      const auto passed = std::chrono::floor<std::chrono::seconds>(now - filled_).count();
      if (passed > 0) {
        left_ = static_cast<std::uint32_t>(std::min<std::int64_t>(reserve_, passed * per_second_));
        filled_ = now;
      }
    } else if (left_ == reserve_) {
      filled_ = now;
    }
    if (left_ == 0) return false;
    --left_;
    return true;
  }
  void give_back(std::uint32_t count) noexcept { left_ = left_ + count < reserve_ ? left_ + count : reserve_; }

 private:
  std::uint32_t reserve_;
  std::uint32_t per_second_;
  std::uint32_t left_;
  Clock::SteadyTime filled_{};
};

}  // namespace sallyport::base
