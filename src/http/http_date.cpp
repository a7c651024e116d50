// HTTP dates, read strictly: a date that is not understood costs a transfer, one that is misread serves stale content.
#include "http/http_date.hpp"

#include <algorithm>
#include <chrono>

#include "base/character_class.hpp"

namespace sallyport::http {
namespace {

using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> weekdays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::int64_t day_seconds = 86'400;

/// Takes a date apart from its front. Once something is not as expected, nothing is any more.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool complete() const noexcept { return good_ && rest_.empty(); }

  void literal(std::string_view text) noexcept {
    if (take(rest_.starts_with(text))) rest_.remove_prefix(text.size());
  }

  int number(std::size_t digits) noexcept {
    if (!take(rest_.size() >= digits && std::ranges::all_of(rest_.substr(0, digits), base::is_digit))) return 0;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) value = value * 10 + (c - '0');
    rest_.remove_prefix(digits);
    return value;
  }

  /// asctime pads the day of the month with a space.
  int padded_day() noexcept {
    if (!rest_.starts_with(' ')) return number(2);
    rest_.remove_prefix(1);
    return number(1);
  }

  /// The number of the weekday, Sunday being 0; `size` letters of it, 0 for the whole name.
  unsigned weekday(std::size_t size) noexcept {
    for (unsigned i = 0; i < weekdays.size(); ++i) {
      const std::string_view name = size == 0 ? weekdays[i] : weekdays[i].substr(0, size);
      if (!rest_.starts_with(name)) continue;
      rest_.remove_prefix(name.size());
      return i;
    }
    take(false);
    return 0;
  }

  unsigned month() noexcept {
    for (unsigned i = 0; i < 12; ++i) {
      if (!rest_.starts_with(months.substr(std::size_t{i} * 3, 3))) continue;
      rest_.remove_prefix(3);
      return i + 1;
    }
    take(false);
    return 1;
  }

  /// Seconds of the day.
  std::int64_t time() noexcept {
    const int hour = number(2);
    literal(":");
    const int minute = number(2);
    literal(":");
    const int second = number(2);
    take(hour < 24 && minute < 60 && (second < 60 || (hour == 23 && minute == 59 && second == 60)));
    return (std::int64_t{hour} * 60 + minute) * 60 + second;
  }

 private:
  bool take(bool as_expected) noexcept { return good_ = good_ && as_expected; }

  std::string_view rest_;
  bool good_ = true;
};

constexpr year_month_day civil(int year, unsigned month, int day) noexcept {
  return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{static_cast<unsigned>(day)};
}

constexpr std::int64_t day_number(const year_month_day& date) noexcept {
  return std::int64_t{sys_days{date}.time_since_epoch().count()};
}

struct Second {
  year_month_day date;
  std::int64_t of_day;
};

Second split(std::int64_t seconds) noexcept {
  seconds = std::clamp(seconds, first_http_date, last_http_date);
  const std::int64_t of_day = (seconds % day_seconds + day_seconds) % day_seconds;
  const auto days = static_cast<std::chrono::days::rep>((seconds - of_day) / day_seconds);
  return {year_month_day{sys_days{std::chrono::days{days}}}, of_day};
}

int full_year(int two_digits, unsigned month, int day, std::int64_t of_day, std::int64_t now) noexcept {
  const Second today = split(now);
  const int horizon = static_cast<int>(today.date.year()) + 50;
  int year = horizon - horizon % 100 + two_digits;
  if (year > horizon) year -= 100;
  // Within the last year the day decides. The 29th of February of a common year counts as the 1st of March.
  const std::int64_t last_day = day_number(civil(horizon, static_cast<unsigned>(today.date.month()),
                                                 static_cast<int>(static_cast<unsigned>(today.date.day()))));
  const std::int64_t its_day = day_number(civil(year, month, day));
  return its_day > last_day || (its_day == last_day && of_day > today.of_day) ? year - 100 : year;
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text, std::int64_t now) noexcept {
  Reader reader(text);
  unsigned weekday = 0, month = 0;
  int day = 0, year = 0;
  std::int64_t of_day = 0;
  if (text.size() == http_date_size && text[3] == ',') {  // Sun, 06 Nov 1994 08:49:37 GMT
    weekday = reader.weekday(3);
    reader.literal(", ");
    day = reader.number(2);
    reader.literal(" ");
    month = reader.month();
    reader.literal(" ");
    year = reader.number(4);
    reader.literal(" ");
    of_day = reader.time();
    reader.literal(" GMT");
  } else if (text.size() == 24) {  // Sun Nov  6 08:49:37 1994
    weekday = reader.weekday(3);
    reader.literal(" ");
    month = reader.month();
    reader.literal(" ");
    day = reader.padded_day();
    reader.literal(" ");
    of_day = reader.time();
    reader.literal(" ");
    year = reader.number(4);
  } else {  // Sunday, 06-Nov-94 08:49:37 GMT
    weekday = reader.weekday(0);
    reader.literal(", ");
    day = reader.number(2);
    reader.literal("-");
    month = reader.month();
    reader.literal("-");
    const int two_digits = reader.number(2);
    reader.literal(" ");
    of_day = reader.time();
    reader.literal(" GMT");
    if (reader.complete()) year = full_year(two_digits, month, day, of_day, now);
  }
  if (!reader.complete()) return std::nullopt;
  const year_month_day date = civil(year, month, day);
  if (!date.ok() || std::chrono::weekday{sys_days{date}}.c_encoding() != weekday) return std::nullopt;
  return day_number(date) * day_seconds + of_day;
}

void write_http_date(std::int64_t seconds, std::span<char, http_date_size> out) noexcept {
  const Second when = split(seconds);
  const auto text = [&](std::size_t at, std::string_view s) { s.copy(out.data() + at, s.size()); };
  const auto number = [&](std::size_t at, std::size_t digits, std::int64_t value) {
    for (std::size_t i = digits; i-- > 0; value /= 10) out[at + i] = static_cast<char>('0' + value % 10);
  };
  text(0, "Sun, 00 Jan 0000 00:00:00 GMT");
  text(0, weekdays[std::chrono::weekday{sys_days{when.date}}.c_encoding()].substr(0, 3));
  number(5, 2, static_cast<unsigned>(when.date.day()));
  text(8, months.substr((std::size_t{static_cast<unsigned>(when.date.month())} - 1) * 3, 3));
  number(12, 4, static_cast<int>(when.date.year()));
  number(17, 2, when.of_day / 3600);
  number(20, 2, when.of_day / 60 % 60);
  number(23, 2, when.of_day % 60);
}

}  // namespace sallyport::http
