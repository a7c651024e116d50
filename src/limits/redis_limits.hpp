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
  /// `clock`: for tests; null: Redis' own time.
  explicit RedisLimits(const ops::RedisSettings& settings, OnChange on_change = {}, const base::Clock* clock = nullptr);
  ~RedisLimits() override = default;

  /// Call once, before anything is charged. Empty, or what is wrong. Tries one connection, for little more than two seconds at most,
  /// and closes it. With wrong settings nothing is counted; a server that can't be reached or refuses is tried again by each loop.
  [[nodiscard]] std::string connect() override;
  void attach(net::EventLoop& loop) override;
  void detach(const net::EventLoop& loop) noexcept override;
  /// Whether the links of all loops are up.
  [[nodiscard]] bool available() const noexcept { return health_.good() && !links_.empty(); }

  /// Decides about `charges` (1 to max_charges, each of another key; a cost of 0 counts as 1) as one. Within twice
  /// `redis.timeout_milliseconds` there is a decision or `store_failed`; while Redis can't be reached, `store_failed`
  /// at once. `counted_at_ns`, if given, lives until then, and has the time by Redis' clock afterwards, for
  /// `give_back`.
  [[nodiscard]] Task<Decision> charge(const net::Loop& loop, std::span<const Charge> charges,
                                      std::int64_t* counted_at_ns = nullptr) override;
  /// Undoes charges that were admitted at `counted_at_ns`: see LimitTable and AttemptCounters for what comes back. Does
  /// not wait, and is lost if Redis can't be reached.
  void give_back(const net::Loop& loop, std::span<const Charge> charges, std::int64_t counted_at_ns) override;
  /// After a success: forgets the failures of the key of `charge`. Does not wait, and is lost if Redis can't be
  /// reached.
  void forget(const net::Loop& loop, const Charge& charge) override;
  /// An upper bound of how many calls of `give_back` and `forget` were lost because Redis could not be reached.
  [[nodiscard]] std::uint64_t lost() const noexcept { return health_.lost_one_way_calls; }

 private:
  /// `name`: a key that no charge uses.
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
