// Rate limits that are counted in Redis: shared by all processes and machines that use it.
#pragma once

#include <sallyport/task.hpp>

#include "base/clock.hpp"
#include "limits/charge.hpp"
#include "limits/redis_link.hpp"
#include "limits/remote_limits.hpp"
#include "net/event_loop.hpp"
#include "net/resolver.hpp"
#include "ops/settings.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sallyport::limits {

/// Decides as LocalLimits does, to the microsecond, about what all services with the same `redis.prefix` count. The keys
/// are `<prefix>:{limits}:<16 hex digits>`. Each event loop has a link of its own.
class RedisLimits final : public RemoteLimits {
 public:
  /// `clock`: tests' time; null takes Redis' own.
  explicit RedisLimits(const ops::RedisSettings& settings, OnChange on_change = {}, const base::Clock* clock = nullptr);
  ~RedisLimits() override = default;

  /// Once, before anything is charged: empty, or what is wrong. Makes a connection, which takes two seconds and a bit at most, and ends
  /// it. With wrong settings nothing is ever counted; a server that can't be reached or refuses is tried again, by each loop.
  [[nodiscard]] std::string connect() override;
  void attach(net::EventLoop& loop) override;
  void detach(const net::EventLoop& loop) noexcept override;
  /// No loop's link is down.
  [[nodiscard]] bool available() const noexcept { return health_.good() && !links_.empty(); }

  /// Decides about `charges` (1 to max_charges, each of another key; a cost of 0 counts as 1) as one. Within twice
  /// `redis.timeout_milliseconds` there is a decision, or `store_failed`; while Redis is away, that at once.
  /// `counted_at_ns`, if given, lives until then, and has the time by Redis' clock afterwards, for `give_back`.
  [[nodiscard]] Task<Decision> charge(const net::Loop& loop, std::span<const Charge> charges,
                                      std::int64_t* counted_at_ns = nullptr) override;
  /// Charges admitted at `counted_at_ns` were none after all: see LimitTable and AttemptCounters for what comes back. Does
  /// not wait, and is lost if Redis is away.
  void give_back(const net::Loop& loop, std::span<const Charge> charges, std::int64_t counted_at_ns) override;
  /// All is well with what `charge` counts. Does not wait, and is lost if Redis is away.
  void forget(const net::Loop& loop, const Charge& charge) override;
  /// How often something was not given back or forgotten because Redis was away, at most.
  [[nodiscard]] std::uint64_t lost() const noexcept { return health_.lost_one_way_calls; }

 private:
  /// `name`: of a key that is no charge's.
  [[nodiscard]] RedisArguments call(std::string_view what, std::span<const Charge> charges,
                                    std::int64_t counted_at_ns = 0, std::string_view name = {}) const;
  [[nodiscard]] RedisLink* link_of(const net::Loop& loop) const noexcept;
  [[nodiscard]] std::string first_attempt();

  const ops::RedisSettings settings_;
  const base::Clock* const clock_;
  RedisHealth health_;
  RedisOptions options_;
  net::Resolver resolver_;
  bool usable_ = false;                            // the settings are
  bool down_ = false;                              // the first attempt failed
  std::vector<std::unique_ptr<RedisLink>> links_;  // changed only while no loop runs
};

}  // namespace sallyport::limits
