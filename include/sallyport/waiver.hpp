// Waivers: start-up refusals that are accepted until a date, with the reason.
#pragma once

#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/reason.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sallyport {

namespace detail {

// What can be waived, of docs/refusals.md. Refusals without which nothing could be served, or which protect secrets,
// can't be waived.
inline constexpr std::string_view waivable_codes[] = {"CFG-012", "CFG-015", "CFG-016", "CFG-020",
                                                      "CFG-026", "CFG-041", "CFG-071"};
inline constexpr std::size_t shortest_waiver_reason = 20;

constexpr bool is_waivable(std::string_view code) noexcept {
  for (const std::string_view known : waivable_codes) {
    if (code == known) return true;
  }
  return false;
}

/// A day of the calendar as RFC 3339 writes it: `2027-03-31`.
constexpr std::optional<std::chrono::sys_days> read_day(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  unsigned parts[3]{};
  for (std::size_t i = 0, part = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7) {
      ++part;
    } else if (text[i] < '0' || text[i] > '9') {
      return std::nullopt;
    } else {
      parts[part] = 10 * parts[part] + static_cast<unsigned>(text[i] - '0');
    }
  }
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(parts[0])), std::chrono::month(parts[1]),
                                        std::chrono::day(parts[2])};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

/// A waiver written in the code.
struct WaiverFacts {
  std::string_view code;
  std::string_view reason;
  std::chrono::sys_days until;
};

}  // namespace detail

/// The code of a refusal that can be waived: `"CFG-020"`.
class WaiverCode {
 public:
  template <std::size_t N>
  consteval WaiverCode(const char (&code)[N]) : text_(code) {
    check(text_.view());
  }
  template <detail::NotALiteral<WaiverCode> Argument>
  __attribute__((
      unavailable("LIT-001: the code is a \"literal\": app.waive(\"CFG-020\", \"why\", \"2027-03-31\"); the setting "
                  "`waivers` is for one deployment"))) WaiverCode(Argument&&);  // NOLINT
  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_.view(); }

 private:
  // In a function of its own, so that g++ 12 prints the message.
  static consteval void check(std::string_view code) {
    if (!detail::is_waivable(code))
      throw "WAIVE-001: this refusal can't be waived: docs/refusals.md says which can, and what to do about the others";
  }
  detail::LiteralText text_;
};

/// Why a refusal is waived, for readers of the log of the start.
class WaiverReason {
 public:
  template <std::size_t N>
  consteval WaiverReason(const char (&reason)[N]) : text_(reason) {
    check(text_.view());
  }
  template <detail::NotALiteral<WaiverReason> Argument>
  __attribute__((
      unavailable("LIT-001: the reason of a waiver is a \"literal\"; the setting `waivers` is for one deployment")))
  WaiverReason(Argument&&);  // NOLINT
  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_.view(); }

 private:
  static consteval void check(std::string_view reason) {
    if (!detail::is_reason(reason, detail::shortest_waiver_reason))
      throw "WAIVE-002: say why this refusal is put up with, in words and in 20 characters or more";
  }
  detail::LiteralText text_;
};

/// The last day (UTC) on which a waiver holds: `"2027-03-31"`, within a year (366 days) of the start, which refuses others (CFG-024).
class WaiverDay : detail::NoBitCast {
 public:
  template <std::size_t N>
  consteval WaiverDay(const char (&day)[N]) : day_(read(detail::LiteralText(day).view())) {}
  template <detail::NotALiteral<WaiverDay> Argument>
  __attribute__((unavailable("LIT-001: the last day of a waiver is a \"literal\": \"2027-03-31\"")))
  WaiverDay(Argument&&);  // NOLINT
  [[nodiscard]] constexpr std::chrono::sys_days day() const noexcept { return day_; }

 private:
  static consteval std::chrono::sys_days read(std::string_view text) {
    const auto day = detail::read_day(text);
    if (!day) throw "WAIVE-003: a waiver ends: name its last day as \"2027-03-31\"";
    if (*day >= std::chrono::sys_days(std::chrono::year(2050) / 1 / 1))
      throw "WAIVE-003: a waiver ends within a year: name a day by which somebody looks at it again";
    return *day;
  }
  std::chrono::sys_days day_;
};

}  // namespace sallyport
