// Limits: what a request is charged with, where it is counted, and what the answer tells about it.
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
  std::uint64_t tag = 0;  ///< of the name: the key is made of it and of the client or account that is counted
  std::string draft_8;    ///< `"general";q=100;w=10`, an item of RateLimit-Policy
  std::string draft_7;    ///< `100;w=10`, the same in draft 6 and 7
};

/// A limit as one route charges it.
struct RouteLimit {
  const LimitPolicy* policy = nullptr;
  std::uint32_t cost = 1;
};

/// Where counters are kept. With Redis, the local counters are used while it can't be reached.
struct LimitStores {
  std::unique_ptr<limits::LocalLimits> local;
  std::unique_ptr<limits::RemoteLimits> redis;     ///< with `limits.store = "redis"`
  std::unique_ptr<limits::RemoteLimits> database;  ///< of attempts, where the service has a database

  /// Where attempts are counted: by all machines that share Redis, else in the database, so that a restart forgives nothing. Null: in
  /// `local`.
  [[nodiscard]] limits::RemoteLimits* of_attempts() const noexcept { return redis ? redis.get() : database.get(); }

  /// Undoes charges that were admitted at `charged_at_ns`, by the clock of the store that counted them.
  void give_back(std::span<const limits::Charge> charges, std::int64_t charged_at_ns, const Loop& loop,
                 bool counted_here = false) const;
};

// --- The steps of a request: the general limit first, whatever is asked for; those of the route once it is known that the caller may call it,
// so that other callers can't use them up. Each time: collect what is due, then decide about all of it as one. What has to be given back
// is given back when the outcome is known.

/// Both decide at once when the counters are on this machine, and wait when they are in Redis. They refuse with 429 and `Retry-After`.
Outcome general_limit(Exchange& exchange);
Outcome route_limits(Exchange& exchange);
/// The outcome is known: limits that count only failures give the charge back when the request succeeded.
void refund_limits(Exchange& exchange);
/// The request was refused later for no fault of its own: undoes the charges of the route's limits.
void give_limits_back(Exchange& exchange);
/// The request was not served (the application behind a proxy can't be reached): undoes the charge of the general
/// limit, too.
void give_general_limit_back(Exchange& exchange);

/// Charges the general limit by local counters, for requests that an earlier check has answered or that the limit has let pass
/// uncounted (files). False: the answer is 429, in the place of any other.
bool count_request(Exchange& exchange);

// --- What the answer says

/// The state of one limit, as the answer tells it.
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

/// Seconds, rounded up.
[[nodiscard]] constexpr std::uint32_t whole_seconds(std::int64_t ns) noexcept {
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t seconds = ns / second + (ns % second > 0 ? 1 : 0);
  return seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(seconds);
}

}  // namespace sallyport::gate
