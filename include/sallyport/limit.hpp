// Limits of routes: how often a client, an account or all callers together may call one, and how many calls may run at the
// same time.
#pragma once

#include <sallyport/detail/literal.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace sallyport {

/// Whom a limit counts.
enum class LimitedBy : std::uint8_t {
  client,     ///< the IPv4 address or the IPv6 /56
  account,    ///< the signed-in account
  everybody,  ///< all calls together
};

namespace detail {

/// A limit as the route table keeps it and the route report prints it.
struct LimitFacts {
  std::string_view name;
  std::uint32_t max = 0;
  std::chrono::seconds per{};
  std::uint32_t cost = 1;
  LimitedBy by = LimitedBy::client;
  bool in_windows = false;
  bool of_failures = false;
  friend bool operator==(const LimitFacts&, const LimitFacts&) = default;
};

}  // namespace detail

/// A route's limit, besides the general one that every client has:
///
///     app.get("/api/search", sp::signed_in, sp::limit{"search", 30, 1min}, search);
///     app.post("/api/export", sp::signed_in, sp::limit{"export", 100, 24h}.per_account().costs(10), export_all);
///
/// At most `max` at once, and all of them back after `per`, one by one (GCRA: no double burst where windows meet). Routes whose limits
/// have one name share them. Only requests that the route's policy admits are counted. A request is charged to all limits of the route
/// or, when one refuses (429 with `Retry-After`), to none. Several may stand on a route, at most four, and three more on its routers.
/// Values that make no sense do not compile (LIMIT-005, LIMIT-006).
template <LimitedBy By = LimitedBy::client>
class limit : detail::NoBitCast {
 public:
  using is_route_option = void;
  static constexpr LimitedBy by = By;

  template <std::size_t N>
  consteval limit(const char (&name)[N], std::uint32_t max, std::chrono::seconds per)
      : facts_{.name = detail::LiteralText(name).view(), .max = max, .per = per, .by = By} {
    check(facts_.name);
    if (max == 0 || max > 1'000'000) throw "LIMIT-005: a limit admits 1 to 1,000,000 calls";
    if (per < std::chrono::seconds(1) || per > std::chrono::hours(24 * 31))
      throw "LIMIT-005: a limit's time is 1 second to 31 days";
  }
  template <class Name>
  __attribute__((unavailable("LIMIT-005: a limit's name is a \"literal\": sp::limit{\"search\", 30, 1min}")))
  limit(Name&&, std::uint32_t, std::chrono::seconds);
  template <class... Numbers>
    requires(sizeof...(Numbers) < 3 && (std::is_arithmetic_v<Numbers> || ...))
  __attribute__((
      unavailable("LIMIT-005: a limit has a name, a number of calls and a time: sp::limit{\"search\", 30, 1min}")))
  limit(const Numbers&...);

  /// Counts per signed-in account instead of per client. Only on a route whose policy identifies the caller
  /// (LIMIT-007).
  [[nodiscard]] consteval limit<LimitedBy::account> per_account() const {
    return limit<LimitedBy::account>(with(LimitedBy::account));
  }
  /// Counts the calls of all callers together: for scarce resources.
  [[nodiscard]] consteval limit<LimitedBy::everybody> for_everybody() const {
    return limit<LimitedBy::everybody>(with(LimitedBy::everybody));
  }
  /// Counts in windows of `per` that begin with the first call, as express-rate-limit does: all of `max` is back at once.
  [[nodiscard]] consteval limit in_windows() const {
    limit changed = *this;
    changed.facts_.in_windows = true;
    return changed;
  }
  /// Counts calls that fail (an answer of 400 or above), in windows. A call is counted before it runs and given back when it has succeeded, so
  /// that parallel calls can't all pass.
  [[nodiscard]] consteval limit of_failures() const {
    limit changed = *this;
    changed.facts_.of_failures = changed.facts_.in_windows = true;
    return changed;
  }
  /// What one call of this route takes from `max`.
  [[nodiscard]] consteval limit costs(std::uint32_t cost) const {
    if (cost == 0 || cost > facts_.max) throw "LIMIT-006: one call costs 1 to the limit's whole maximum";
    limit changed = *this;
    changed.facts_.cost = cost;
    return changed;
  }

  // For the kernel.
  [[nodiscard]] constexpr const detail::LimitFacts& facts() const noexcept { return facts_; }

 private:
  template <LimitedBy>
  friend class limit;
  consteval explicit limit(const detail::LimitFacts& facts) : facts_(facts) {}
  consteval detail::LimitFacts with(LimitedBy who) const {
    detail::LimitFacts changed = facts_;
    changed.by = who;
    return changed;
  }
  // It becomes the name of a policy in the RateLimit fields: a string without anything to escape (RFC 9651 3.3.3).
  static consteval void check(std::string_view name) {
    if (name.empty() || name.size() > 32) throw "LIMIT-005: a limit has a name of 1 to 32 characters";
    for (const char c : name) {
      if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
        throw "LIMIT-005: a limit's name is small letters, digits, '-' and '_'";
    }
    if (name == "general" || name == "attempts")
      throw "LIMIT-005: 'general' and 'attempts' are the kernel's own limits";
  }

  detail::LimitFacts facts_;
};

template <std::size_t N>
limit(const char (&)[N], std::uint32_t, std::chrono::seconds) -> limit<LimitedBy::client>;
template <class Name>
limit(Name&&, std::uint32_t, std::chrono::seconds) -> limit<LimitedBy::client>;
template <class... Numbers>
  requires(sizeof...(Numbers) < 3)
limit(const Numbers&...) -> limit<LimitedBy::client>;

namespace detail {
template <class T>
inline constexpr bool is_limit = false;
template <LimitedBy By>
inline constexpr bool is_limit<limit<By>> = true;
}  // namespace detail

/// How many calls of a route may run at the same time, in this process; one more is answered 503 with `Retry-After`. For expensive
/// work: `app.post("/api/report", sp::signed_in, sp::max_concurrent{4}, make_report)`.
class max_concurrent : detail::NoBitCast {
 public:
  using is_route_option = void;
  consteval explicit max_concurrent(std::uint32_t max) : max_(max) {
    if (max == 0 || max > 100'000) throw "LIMIT-008: 1 to 100,000 calls run at once";
  }
  [[nodiscard]] constexpr std::uint32_t max() const noexcept { return max_; }

 private:
  std::uint32_t max_;
};

/// How large the answer of a route with a `Stream` may become, in bytes, instead of `limits.stream_bytes`; one that would be larger is cut, as
/// after an error: `app.get("/backup", sp::role("admin"), sp::max_stream{20_GiB}, backup)`.
class max_stream : detail::NoBitCast {
 public:
  using is_route_option = void;
  consteval explicit max_stream(std::uint64_t bytes) : bytes_(bytes) {
    if (bytes == 0 || bytes > std::uint64_t{1} << 50)
      throw "LIMIT-012: a stream has 1 byte to 1 PiB: sp::max_stream{20_GiB}";
  }
  [[nodiscard]] constexpr std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  std::uint64_t bytes_;
};

}  // namespace sallyport
