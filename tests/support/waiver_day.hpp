// A day on which waivers of tests end: within a year of the build, as waivers must.
#pragma once

#include <string_view>

namespace sallyport::testing {

struct DayText {
  char text[11]{};
};

/// The first of a month, about eleven months after the test was compiled.
constexpr DayText waiver_day_after(std::string_view build_date) {  // "Nov 29 2026"
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const unsigned month = static_cast<unsigned>(months.find(build_date.substr(0, 3))) / 3 + 1;
  unsigned year = 0;
  for (const char c : build_date.substr(7)) year = year * 10 + static_cast<unsigned>(c - '0');
  const unsigned end_year = month == 1 ? year : year + 1;
  const unsigned end_month = month == 1 ? 12 : month - 1;
  DayText day{"0000-00-01"};
  for (unsigned i = 4, rest = end_year; i > 0; rest /= 10) day.text[--i] = static_cast<char>('0' + rest % 10);
  day.text[5] = static_cast<char>('0' + end_month / 10);
  day.text[6] = static_cast<char>('0' + end_month % 10);
  return day;
}
static_assert(std::string_view(waiver_day_after("Nov 29 2026").text) == "2027-10-01");
static_assert(std::string_view(waiver_day_after("Jan  2 2027").text) == "2027-12-01");

inline constexpr DayText waiver_day = waiver_day_after(__DATE__);

}  // namespace sallyport::testing
