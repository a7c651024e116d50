// A table of steady rates only: bounds how often something is logged about one client.
#pragma once

#include "limits/limit_table.hpp"

namespace sallyport::limits {

/// LimitTable for rates that are known as an interval.
class GcraTable {
 public:
  struct Rate {
    std::int64_t interval_ns;  ///< between two requests at the steady rate
    std::uint32_t burst;       ///< how many at once
  };

  /// `slots` is rounded up to a power of two.
  explicit GcraTable(std::size_t slots = std::size_t{1} << 17) : table_(slots) {}

  /// Decides about one request of `key` (a keyed hash: see crypto/siphash.hpp) at `now_ns` and counts it when admitted.
  [[nodiscard]] Quota admit(std::uint64_t key, const Rate& rate, std::int64_t now_ns) noexcept {
    return table_.charge({key, Counting::gcra, rate.burst, rate.interval_ns * rate.burst}, now_ns);
  }

 private:
  LimitTable table_;
};

}  // namespace sallyport::limits
