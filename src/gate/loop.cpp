// The cached Date field.
#include "gate/loop.hpp"

#include <chrono>

namespace sallyport::gate {

std::string_view Loop::date_field() {
  using namespace std::chrono;
  const auto wall = floor<seconds>(clock.wall());
  const std::int64_t second = wall.time_since_epoch().count();
  if (second != date_second_) {
    date_second_ = second;
    const auto day = floor<days>(wall);
    const year_month_day date{day};
    const hh_mm_ss time{wall - day};
    constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char* out = date_text_;
    const auto text = [&](std::string_view s) { out = s.copy(out, s.size()) + out; };
    const auto number = [&](unsigned value, int digits) {
      for (int i = digits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
      out += digits;
    };
    text("Date: ");
    text(weekdays.substr(std::size_t{weekday{day}.c_encoding()} * 3, 3));
    text(", ");
    number(static_cast<unsigned>(date.day()), 2);
    text(" ");
    text(months.substr((std::size_t{static_cast<unsigned>(date.month())} - 1) * 3, 3));
    text(" ");
    number(static_cast<unsigned>(static_cast<int>(date.year())), 4);
    text(" ");
    number(static_cast<unsigned>(time.hours().count()), 2);
    text(":");
    number(static_cast<unsigned>(time.minutes().count()), 2);
    text(":");
    number(static_cast<unsigned>(time.seconds().count()), 2);
    text(" GMT\r\n");
  }
  return {date_text_, sizeof date_text_};
}

}  // namespace sallyport::gate
