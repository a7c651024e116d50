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

namespace sallyport::limits {

/// Decides as LocalLimits does. Every function may be called from any thread, and none blocks but `connect`.
class RemoteLimits {
 public:
  /// The link went down, and why, or is there again. From a thread of its own; must not block.
  using OnChange = std::function<void(bool up, std::string_view why)>;

  RemoteLimits() = default;
  virtual ~RemoteLimits() = default;
  RemoteLimits(const RemoteLimits&) = delete;
  RemoteLimits& operator=(const RemoteLimits&) = delete;

  /// Once, before anything is charged: empty, or what is wrong.
  [[nodiscard]] virtual std::string connect() = 0;
  /// Decides about `charges` as one. `counted_at_ns`, if given, lives until then, and has the time by the store's clock afterwards.
  [[nodiscard]] virtual Task<Decision> charge(std::span<const Charge> charges,
                                              std::int64_t* counted_at_ns = nullptr) = 0;
  /// Charges admitted at `counted_at_ns` were none after all. Does not wait.
  virtual void give_back(std::span<const Charge> charges, std::int64_t counted_at_ns) = 0;
  /// All is well with what `charge` counts. Does not wait.
  virtual void forget(const Charge& charge) = 0;
};

/// A driver that the settings choose, not the code: a program has it when it is linked with `sallyport::redis`.
struct RemoteLimitsDriver {
  std::unique_ptr<RemoteLimits> (*make)(const ops::RedisSettings& settings, RemoteLimits::OnChange on_change);
};

/// Null: this program is not linked with it.
[[nodiscard]] const RemoteLimitsDriver* redis_driver() noexcept;

}  // namespace sallyport::limits
