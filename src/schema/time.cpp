// Points in time as text.
#include <sallyport/time.hpp>

namespace sallyport::detail {
namespace {

// `value` in as many digits as `place` has.
void put(char* place, int digits, int value) noexcept {
  for (int i = digits; i-- > 0; value /= 10) place[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::string time_text(std::int64_t milliseconds_since_1970) {
  namespace chrono = std::chrono;
  constexpr std::int64_t first = -62'167'219'200'000;  // 0000-01-01
  constexpr std::int64_t last = 253'402'300'799'999;   // 9999-12-31
  if (milliseconds_since_1970 < first || milliseconds_since_1970 > last) return {};
  const chrono::sys_time<chrono::milliseconds> time{chrono::milliseconds(milliseconds_since_1970)};
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date(day);
  const auto of_day = static_cast<int>((time - day).count());
  std::string text = "0000-00-00T00:00:00.000Z";
  put(&text[0], 4, static_cast<int>(date.year()));
  put(&text[5], 2, static_cast<int>(static_cast<unsigned>(date.month())));
  put(&text[8], 2, static_cast<int>(static_cast<unsigned>(date.day())));
  put(&text[11], 2, of_day / 3'600'000);
  put(&text[14], 2, of_day / 60'000 % 60);
  put(&text[17], 2, of_day / 1000 % 60);
  put(&text[20], 3, of_day % 1000);
  if (of_day % 1000 == 0) text.erase(19, 4);
  return text;
}

}  // namespace sallyport::detail
