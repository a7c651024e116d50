// HTTP dates (RFC 9110 5.6.7): three spellings are read, one is written, all to the second and in UTC.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sallyport::http {

/// The length of an IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
inline constexpr std::size_t http_date_size = 29;

/// The first and the last second that an IMF-fixdate can say: years 0000 and 9999.
inline constexpr std::int64_t first_http_date = -62'167'219'200;
inline constexpr std::int64_t last_http_date = 253'402'300'799;

/// Seconds since the epoch of a date in any of the three forms (IMF-fixdate, RFC 850, asctime); nothing unless every byte
/// is as the grammar has it (it is case-sensitive) and the weekday is that of the date. A leap second (23:59:60) is the
/// second after it. `now`, in the same unit, settles the two-digit years of RFC 850: the latest such year that does not lie
/// more than 50 years ahead.
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text, std::int64_t now) noexcept;

/// Writes an IMF-fixdate. Seconds outside [first_http_date, last_http_date] become the nearest of these.
void write_http_date(std::int64_t seconds, std::span<char, http_date_size> out) noexcept;

[[nodiscard]] inline std::array<char, http_date_size> http_date(std::int64_t seconds) noexcept {
  std::array<char, http_date_size> text;
  write_http_date(seconds, text);
  return text;
}

}  // namespace sallyport::http
