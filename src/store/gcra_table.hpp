// The counters of a rate limit: GCRA in a fixed table, shared by all event loops without a lock.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace sallyport::store {

/// What a limit decided.
struct Quota {
  bool admitted = false;
  std::uint32_t remaining = 0;      ///< how many more would be admitted now
  std::int64_t retry_after_ns = 0;  ///< until one is admitted, when refused
  std::int64_t reset_ns = 0;        ///< until the whole burst is there again
};

/// The generic cell rate algorithm (ITU-T I.371): a steady rate with a burst, in one number per key, the
/// theoretical arrival time of the next request. Unlike a fixed window it never admits a double burst at the
/// boundary.
///
/// Memory is fixed: sets of eight slots of 16 bytes. A slot whose time has passed carries no information and is
/// reused; when all eight of a set are live, a new key shares one of them, always the same, which is stricter for
/// both. A live slot is never taken from its key. The slack: two loops that claim one slot in the same instant
/// may lose a count each, and a key that shared a slot starts afresh in the first one that becomes free.
class GcraTable {
 public:
  struct Rate {
    std::int64_t interval_ns;  ///< between two requests at the steady rate
    std::uint32_t burst;       ///< how many at once
  };

  /// `slots` is rounded up to a power of two.
  explicit GcraTable(std::size_t slots = std::size_t{1} << 17);

  /// Decides about one request of `key` (a keyed hash: see crypto/siphash.hpp) at `now_ns` and counts it when
  /// admitted.
  [[nodiscard]] Quota admit(std::uint64_t key, const Rate& rate, std::int64_t now_ns) noexcept;

 private:
  static constexpr std::size_t ways = 8;
  struct Slot {
    std::atomic<std::uint64_t> key{0};
    std::atomic<std::int64_t> arrival_ns{0};
  };
  Slot& slot_for(std::uint64_t key, std::int64_t now_ns) noexcept;

  std::size_t set_mask_;
  std::unique_ptr<Slot[]> slots_;
};

}  // namespace sallyport::store
