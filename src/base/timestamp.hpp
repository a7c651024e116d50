// RFC 3339 time stamps, made cheaply when most of them fall into the second of the last one.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/clock.hpp"

namespace sallyport::base {

/// Writes `2026-01-01T00:00:00.000Z`. For one thread. Years are 0000–9999; beyond that the year is wrong, the form is not.
class Timestamp {
 public:
  /// The view lasts until the next call.
  [[nodiscard]] std::string_view at(Clock::WallTime time) noexcept {
    const std::int64_t nanoseconds = time.time_since_epoch().count();
    std::int64_t second = nanoseconds / 1'000'000'000;
    std::int64_t rest = nanoseconds % 1'000'000'000;
    if (rest < 0) {
      --second;
      rest += 1'000'000'000;
    }
    if (second != second_) write_second(second);
    put(20, 3, static_cast<unsigned>(rest / 1'000'000));
    return {text_.data(), text_.size()};
  }

 private:
  void write_second(std::int64_t second) noexcept {
    using namespace std::chrono;
    const sys_seconds time{seconds{second}};
    const sys_days day = floor<days>(time);
    const year_month_day date{day};
    const auto of_day = static_cast<unsigned>((time - day).count());
    put(0, 4, static_cast<unsigned>(static_cast<int>(date.year())));
    put(5, 2, static_cast<unsigned>(date.month()));
    put(8, 2, static_cast<unsigned>(date.day()));
    put(11, 2, of_day / 3600);
    put(14, 2, of_day / 60 % 60);
    put(17, 2, of_day % 60);
    second_ = second;
  }
  void put(std::size_t at, std::size_t digits, unsigned value) noexcept {
    for (std::size_t i = digits; i-- > 0; value /= 10) text_[at + i] = static_cast<char>('0' + value % 10);
  }

  std::int64_t second_ = std::numeric_limits<std::int64_t>::min();
  std::array<char, 24> text_{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                             '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
};

}  // namespace sallyport::base
