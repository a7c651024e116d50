// Limits: what a request is charged with, by whom it is counted, and what its answer says about it.
#pragma once

#include <sallyport/limit.hpp>

#include "limits/local_limits.hpp"
#include "limits/remote_limits.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::gate {

class Exchange;
class Loop;
enum class Outcome : std::uint8_t;

/// A limit with a name, which several routes may share.
struct LimitPolicy {
  explicit LimitPolicy(const detail::LimitFacts& facts);
  /// The general limit's: `burst` at once, all of it back after `burst / per_second` seconds.
  LimitPolicy(std::uint32_t per_second, std::uint32_t burst);

  std::string name;
  limits::Charge charge;  ///< but for the key and the cost
  LimitedBy by = LimitedBy::client;
  bool of_failures = false;
  std::uint64_t tag = 0;  ///< of the name: with whoever is counted it makes the key
  std::string draft_8;    ///< `"general";q=100;w=10`, an item of RateLimit-Policy
  std::string draft_7;    ///< `100;w=10`, the same in draft 6 and 7
};

/// A limit as one route charges it.
struct RouteLimit {
  const LimitPolicy* policy = nullptr;
  std::uint32_t cost = 1;
};

/// Where counters are kept. With Redis the local ones stand in while it can't be asked.
struct LimitStores {
  std::unique_ptr<limits::LocalLimits> local;
  std::unique_ptr<limits::RemoteLimits> redis;  ///< with `limits.store = "redis"`

  /// Charges admitted at `charged_at_ns`, by the clock of the store that counted them, were none after all.
  void give_back(std::span<const limits::Charge> charges, std::int64_t charged_at_ns, const Loop& loop,
                 bool counted_here = false) const;
};

// --- The steps of a request: the general limit first, whatever is asked for; those of the route once it is known that the caller may call it,
// so that nobody else uses them up. Each time: collect what is due, then decide about all of it as one. Settle when the outcome is known.

/// Both decide at once by the counters of this machine, or wait for Redis where those are its. They refuse with 429 and `Retry-After`.
Outcome general_limit(Exchange& exchange);
Outcome route_limits(Exchange& exchange);
/// The outcome is known: what counts failures only is given back when there was none.
void refund_limits(Exchange& exchange);
/// The request was refused after all, for no fault of its own: the route's limits are given back.
void give_limits_back(Exchange& exchange);
/// Nobody has served the request (an application behind a proxy was away): the general limit is given back, too.
void give_general_limit_back(Exchange& exchange);

/// Charges the general limit by local counters, for what the checks have answered before it or let pass uncounted. False has put down
/// 429, in the place of any other answer.
bool count_request(Exchange& exchange);

// --- What the answer says

/// One limit's standing, as the answer tells it.
struct CountedLimit {
  const LimitPolicy* policy = nullptr;
  std::uint32_t remaining = 0;
  std::uint32_t reset_seconds = 0;
};

/// Which of the drafts' fields are sent: `limits.fields`.
struct LimitFields {
  bool draft_8 = false;
  bool draft_7 = false;
  bool draft_6 = false;
  bool legacy = false;
};

/// Seconds, a part counting as a whole.
[[nodiscard]] constexpr std::uint32_t whole_seconds(std::int64_t ns) noexcept {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t seconds = ns / second + (ns % second > 0 ? 1 : 0);
  return seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(seconds);
}

}  // namespace sallyport::gate
