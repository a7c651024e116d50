// Time: a point in time, as rows hold it and as answers show it.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace sallyport {

/// A point in time, in milliseconds. Every `std::chrono::sys_time` is read, bound and shown alike: a column holds milliseconds since 1970
/// (`created INTEGER NOT NULL DEFAULT (unixepoch() * 1000)`); JSON, templates and CSV have RFC 3339 in UTC, `2026-11-30T09:15:00Z`, with three digits behind
/// the second where there are milliseconds.
///
///     struct Note { sp::Id<Note> id; std::string title; sp::Time created; };
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

namespace detail {

template <class T>
inline constexpr bool is_system_time = false;
template <class Duration>
inline constexpr bool is_system_time<std::chrono::sys_time<Duration>> = true;

/// RFC 3339. Empty outside of the years 0 to 9999, for which there is no such text.
[[nodiscard]] std::string time_text(std::int64_t milliseconds_since_1970);

template <class Duration>
[[nodiscard]] std::string time_text(const std::chrono::sys_time<Duration>& time) {
  return time_text(std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count());
}

}  // namespace detail

}  // namespace sallyport
