// Rate limits that are counted outside of this process and machine, and the driver that brings them.
#pragma once

#include <sallyport/task.hpp>

#include "limits/charge.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::net {
class EventLoop;
class Loop;
}  // namespace sallyport::net

namespace sallyport::limits {

/// Decides as LocalLimits does. Call with each `loop` on that loop's thread; only `connect` blocks.
class RemoteLimits {
 public:
  /// The store can't be reached, and why, or can be reached again. Called on any loop's thread; must not block.
  using OnChange = std::function<void(bool up, std::string_view why)>;

  RemoteLimits() = default;
  virtual ~RemoteLimits() = default;
  RemoteLimits(const RemoteLimits&) = delete;
  RemoteLimits& operator=(const RemoteLimits&) = delete;

  /// Call once, before anything is charged. Empty, or what is wrong.
  [[nodiscard]] virtual std::string connect() = 0;
  /// After `connect`, before `loop` runs: requests on it will be charged.
  virtual void attach(net::EventLoop& loop) = 0;
  /// After `loop` has run for the last time, before it goes.
  virtual void detach(const net::EventLoop& loop) noexcept = 0;
  /// Decides about `charges` as one. `counted_at_ns`, if given, lives until then, and has the time by the store's clock afterwards.
  [[nodiscard]] virtual Task<Decision> charge(const net::Loop& loop, std::span<const Charge> charges,
                                              std::int64_t* counted_at_ns = nullptr) = 0;
  /// Undoes charges that were admitted at `counted_at_ns`. Does not wait.
  virtual void give_back(const net::Loop& loop, std::span<const Charge> charges, std::int64_t counted_at_ns) = 0;
  /// After a success: forgets the failures of the key of `charge`. Does not wait.
  virtual void forget(const net::Loop& loop, const Charge& charge) = 0;
};

/// A driver that the settings choose, not the code: a program has it when it is linked with `sallyport::redis`.
struct RemoteLimitsDriver {
  std::unique_ptr<RemoteLimits> (*make)(const ops::RedisSettings& settings, RemoteLimits::OnChange on_change);
};

/// Null: this program is not linked with it.
[[nodiscard]] const RemoteLimitsDriver* redis_driver() noexcept;

}  // namespace sallyport::limits
