// Steady rates and windows over compare-and-swap.
#include "limits/limit_table.hpp"

#include <algorithm>
#include <atomic>
#include <bit>

namespace sallyport::limits {
namespace {

constexpr std::int64_t minute_ns = 60'000'000'000;
// The key's low bits say which limit it is of. So slots of two limits are not mistaken for each other's.
constexpr std::uint64_t limit_bits = 0xff;
// A window's end is counted in steps; what a step leaves over holds the count.
constexpr int step_bits = 20;
constexpr std::int64_t count_bits = (std::int64_t{1} << step_bits) - 1;

static_assert(std::atomic_ref<std::int64_t>::is_always_lock_free &&
              std::atomic_ref<std::uint64_t>::is_always_lock_free);

std::uint64_t key_in(LimitTable::Slot& slot) noexcept {
  return std::atomic_ref(slot.key).load(std::memory_order_relaxed);
}

std::int64_t state_in(LimitTable::Slot& slot) noexcept {
  return std::atomic_ref(slot.state).load(std::memory_order_acquire);
}

// On failure `state` is what is there instead.
bool replace(LimitTable::Slot& slot, std::int64_t& state, std::int64_t next) noexcept {
  return std::atomic_ref(slot.state)
      .compare_exchange_strong(state, next, std::memory_order_release, std::memory_order_relaxed);
}

constexpr std::int64_t whole_steps(std::int64_t ns) noexcept { return (ns + count_bits) >> step_bits; }

}  // namespace

// A charge with its numbers in bounds: limit * interval and now + period stay far from overflow.
struct LimitTable::Rule {
  explicit Rule(const Charge& charge) noexcept
      : is_rate(charge.counting == Counting::gcra),
        limit(std::min(charge.limit, is_rate ? largest_rate : largest_window)),
        cost(std::max(charge.cost, 1U)),
        period_ns(std::clamp(charge.period_ns, std::int64_t{1}, longest_ns)) {
    const std::uint64_t mixed =
        (limit * 0x9e3779b97f4a7c15U) ^ (static_cast<std::uint64_t>(period_ns) * 0xbf58476d1ce4e5b9U);
    // Never 0, which marks an unused slot.
    key = (charge.key & ~limit_bits) | (mixed >> 58 << 2) | (is_rate ? 1 : 3);
    set = static_cast<std::size_t>(charge.key >> 8);
    set = is_rate && period_ns <= minute_ns ? set & ~std::size_t{1} : set | 1;
  }
  // Rounded up: the stricter side.
  [[nodiscard]] std::int64_t interval_ns() const noexcept {
    return static_cast<std::int64_t>((static_cast<std::uint64_t>(period_ns) + limit - 1) / limit);
  }
  // Of a window: one step more than the period takes, so that the step in which it began can be told from its end.
  [[nodiscard]] std::int64_t steps() const noexcept { return whole_steps(period_ns) + 1; }
  [[nodiscard]] std::int64_t end_of_window_from(std::int64_t now_ns) const noexcept {
    return ((now_ns >> step_bits) + steps()) << step_bits;
  }

  bool is_rate;
  std::uint32_t limit;
  std::uint32_t cost;
  std::int64_t period_ns;
  std::uint64_t key;
  std::size_t set;
};

LimitTable::LimitTable(std::size_t slots)
    : mask_(sets_for(slots) - 1), owned_(std::make_unique<Set[]>(mask_ + 1)), sets_(owned_.get()) {}

std::size_t LimitTable::sets_for(std::size_t slots) noexcept { return std::bit_ceil(std::max(slots, ways)) / ways; }

inline LimitTable::Slot* LimitTable::find(const Rule& rule) const noexcept {
  for (Slot& slot : sets_[rule.set & mask_].slots) {
    if (key_in(slot) == rule.key) return &slot;
  }
  return nullptr;
}

LimitTable::Place LimitTable::claim(const Rule& rule, std::int64_t now_ns) noexcept {
  auto& slots = sets_[rule.set & mask_].slots;
  for (;;) {
    Slot* free = nullptr;
    std::uint64_t owner = 0;
    std::int64_t free_at_ns = INT64_MAX;
    for (Slot& slot : slots) {
      // The time is read first: a thread that sees the time of a claimed slot sees its key, too, and does not claim a
      // second slot for the same key.
      const std::int64_t state = state_in(slot);
      const std::uint64_t key = key_in(slot);
      if (key == rule.key) return {&slot, true, 0};
      free_at_ns = std::min(free_at_ns, state);
      if (!free && state <= now_ns) {
        free = &slot;
        owner = key;
      }
    }
    if (!free) {
      // Always the same slot to share: with a different one each time, the key would get the burst of each.
      for (std::size_t i = 0; i < ways; ++i) {
        Slot& slot = slots[((rule.key >> 61) + i) % ways];
        if (((key_in(slot) ^ rule.key) & limit_bits) == 0) return {&slot, false, free_at_ns};
      }
      return {nullptr, false, free_at_ns};
    }
    // The slot is not released: its time may have been written meanwhile by another loop's request with the same key.
    if (std::atomic_ref(free->key).compare_exchange_strong(owner, rule.key, std::memory_order_relaxed)) {
      return {free, true, 0};
    }
  }
}

inline Quota LimitTable::decide_rate(Place place, const Rule& rule, std::int64_t now_ns, bool counts) noexcept {
  const std::int64_t interval = rule.interval_ns();
  const std::int64_t whole = interval * rule.limit;
  const std::int64_t need = interval * rule.cost;
  const auto left_of = [&](std::int64_t owed) {
    return owed >= whole ? 0U
                         : static_cast<std::uint32_t>(static_cast<std::uint64_t>(whole - owed) /
                                                      static_cast<std::uint64_t>(interval));
  };
  std::int64_t arrival = state_in(*place.slot);
  for (;;) {
    const std::int64_t owed = std::max<std::int64_t>(arrival - now_ns, 0);
    if (owed > whole - need) {
      // No key owes more than its whole limit, and no loop's time is a minute late: so this time was left by another
      // key.
      if (place.own && counts && owed > whole + minute_ns) {
        if (replace(*place.slot, arrival, now_ns + whole)) arrival = now_ns + whole;
        continue;
      }
      return {false, left_of(owed), owed - (whole - need), owed};
    }
    if (!counts) return {true, left_of(owed), 0, owed};
    if (replace(*place.slot, arrival, now_ns + owed + need)) return {true, left_of(owed + need), 0, owed + need};
  }
}

inline Quota LimitTable::decide_window(Place place, const Rule& rule, std::int64_t now_ns, bool counts) noexcept {
  std::int64_t state = state_in(*place.slot);
  for (;;) {
    const bool open = (state & ~count_bits) > now_ns;
    // Only its own key begins a window in a slot; it is about to be free for the one that shared it.
    if (!open && !place.own) return {false, 0, std::max<std::int64_t>(state - now_ns, 1), 0};
    const std::int64_t end = open ? state & ~count_bits : rule.end_of_window_from(now_ns);
    const auto used = open ? static_cast<std::uint32_t>(state & count_bits) : 0;
    const std::uint32_t left = rule.limit - std::min(used, rule.limit);
    if (rule.cost > left) {
      if (place.own && counts && end - now_ns > rule.period_ns + minute_ns) {  // as above
        const std::int64_t full = rule.end_of_window_from(now_ns) + rule.limit;
        if (replace(*place.slot, state, full)) state = full;
        continue;
      }
      return {false, left, end - now_ns, std::min(end - now_ns, rule.period_ns)};
    }
    const std::int64_t reset = std::min(end - now_ns, rule.period_ns);
    if (!counts) return {true, left, 0, used == 0 ? 0 : reset};
    if (replace(*place.slot, state, end + used + rule.cost)) return {true, left - rule.cost, 0, reset};
  }
}

Quota LimitTable::decide(const Charge& charge, std::int64_t now_ns, bool counts) noexcept {
  Rule rule(charge);
  if (rule.limit == 0) return {false, 0, rule.period_ns, 0};
  const bool above_limit = rule.cost > rule.limit;
  if (above_limit) {
    rule.cost = 1;
    counts = false;
  }
  Slot unused{};
  Place place{find(rule), true, 0};
  if (!place.slot && !counts) place.slot = &unused;
  if (!place.slot) place = claim(rule, now_ns);
  if (!place.slot) return {false, 0, place.free_at_ns - now_ns, place.free_at_ns - now_ns};

  Quota quota = rule.is_rate ? decide_rate(place, rule, now_ns, counts) : decide_window(place, rule, now_ns, counts);
  if (above_limit) {
    quota.admitted = false;
    quota.retry_after_ns = rule.period_ns;
  }
  return quota;
}

void LimitTable::give_back(const Charge& charge, std::int64_t charged_at_ns, std::int64_t now_ns) noexcept {
  const Rule rule(charge);
  Slot* const slot = find(rule);
  if (!slot || rule.cost > rule.limit) return;
  std::int64_t state = state_in(*slot);
  if (rule.is_rate) {
    const std::int64_t back = rule.interval_ns() * rule.cost - std::max<std::int64_t>(now_ns - charged_at_ns, 0);
    while (back > 0 && !replace(*slot, state, state - back)) continue;
    return;
  }
  for (;;) {
    // A window that began in a later step than the charge was made in is another one: it begins where the one before ends.
    const auto used = static_cast<std::uint32_t>(state & count_bits);
    if (used == 0 || charged_at_ns >> step_bits < (state >> step_bits) - rule.steps()) return;
    // Nothing counted: the next request begins a window.
    if (replace(*slot, state, used > rule.cost ? state - rule.cost : 0)) return;
  }
}

}  // namespace sallyport::limits
