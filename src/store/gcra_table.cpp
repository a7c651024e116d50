// GCRA over compare-and-swap.
#include "store/gcra_table.hpp"

#include <algorithm>
#include <bit>

namespace sallyport::store {

GcraTable::GcraTable(std::size_t slots)
    : set_mask_(std::bit_ceil(std::max(slots, ways)) / ways - 1),
      slots_(std::make_unique<Slot[]>((set_mask_ + 1) * ways)) {}

GcraTable::Slot& GcraTable::slot_for(std::uint64_t key, std::int64_t now_ns) noexcept {
  Slot* const set = &slots_[(key & set_mask_) * ways];
  for (;;) {
    Slot* free = nullptr;
    std::uint64_t owner = 0;
    for (Slot* slot = set; slot != set + ways; ++slot) {
      // The time first: whoever sees the time of a claimed slot sees its key too, and can't take it for a stranger's and
      // claim a second one for the same key.
      const std::int64_t arrival = slot->arrival_ns.load(std::memory_order_acquire);
      const std::uint64_t slot_key = slot->key.load(std::memory_order_relaxed);
      if (slot_key == key) return *slot;
      if (!free && arrival <= now_ns) {
        free = slot;
        owner = slot_key;
      }
    }
    // Always the same one to share: moving on to the next would give a burst of each.
    if (!free) return set[key >> 61];
    // Never handed back: a time that has come meanwhile may be that of another loop's request of this very key.
    if (free->key.compare_exchange_strong(owner, key, std::memory_order_relaxed)) return *free;
  }
}

Quota GcraTable::admit(std::uint64_t key, const Rate& rate, std::int64_t now_ns) noexcept {
  key |= 1;  // 0 marks a slot that was never used; the set is chosen from bits above
  key = std::rotl(key, 17);
  Slot& slot = slot_for(key, now_ns);
  const std::int64_t tolerance = rate.interval_ns * rate.burst;
  std::int64_t arrival = slot.arrival_ns.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t next = std::max(arrival, now_ns) + rate.interval_ns;
    const std::int64_t used = next - now_ns;
    if (used > tolerance) return {false, 0, used - tolerance, used - rate.interval_ns};
    if (slot.arrival_ns.compare_exchange_weak(arrival, next, std::memory_order_release, std::memory_order_relaxed)) {
      return {true, static_cast<std::uint32_t>((tolerance - used) / rate.interval_ns), 0, used};
    }
  }
}

}  // namespace sallyport::store
