// The counters of rate limits: steady rates and fixed windows in one fixed table, shared by loops and processes without a lock.
#pragma once

#include "limits/charge.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sallyport::limits {

/// Counts by `Counting::gcra` and `Counting::fixed_window`. Any thread, and any process that maps the same memory, may call
/// anything at any time, without waiting.
///
/// A key has one number, which is the time until which it has a meaning:
/// - gcra (the generic cell rate algorithm, ITU-T I.371): the theoretical arrival time of the next request. Unlike a window
///   it never admits a double burst at a boundary.
/// - fixed_window: the end of the window, in steps of 2^20 ns (1.05 ms), and the count in its low 20 bits. The window
///   begins with the first request counted and lasts `period_ns`, rounded up by no more than two steps.
///
/// Memory is fixed: sets of eight slots of 16 bytes, half of them for steady rates that are back within a minute, so that
/// slots used for hours can't displace these. A slot whose time has passed carries no information and is reused; a live one
/// is never taken from its key. Where all eight are live, a new key shares one of the same limit, always the same one,
/// which is stricter for both; where there is none of the same limit it is refused.
///
/// The inaccuracy: callers that claim one slot at the same instant may lose a charge each; a key that shared a slot
/// starts afresh in the first one that becomes free, and gets nothing given back until then. No client is refused
/// because of this for longer than the period of the limit and a minute.
class LimitTable {
 public:
  static constexpr std::uint32_t largest_rate = 10'000'000;        ///< `limit` of gcra; more counts as this
  static constexpr std::uint32_t largest_window = (1U << 20) - 1;  ///< `limit` of fixed_window; more counts as this
  static constexpr std::int64_t longest_ns = 400 * 86'400'000'000'000;  ///< `period_ns`; more counts as this

  static constexpr std::size_t ways = 8;
  struct Slot {
    std::uint64_t key;
    std::int64_t state;
  };
  struct alignas(64) Set {
    std::array<Slot, ways> slots;
  };

  /// `slots` is rounded up to a power of two. The default takes 2 MiB.
  explicit LimitTable(std::size_t slots = std::size_t{1} << 17);
  /// A table in memory that other processes may use: a power of two of sets, all zero at first.
  explicit LimitTable(std::span<Set> sets) noexcept : mask_(sets.size() - 1), sets_(sets.data()) {}
  [[nodiscard]] static std::size_t sets_for(std::size_t slots) noexcept;

  /// Decides about `charge.cost` at `now_ns` and counts it when admitted. A cost above the limit never is; 0 counts
  /// as 1.
  [[nodiscard]] Quota charge(const Charge& charge, std::int64_t now_ns) noexcept {
    return decide(charge, now_ns, true);
  }
  /// What `charge` would say; counts nothing.
  [[nodiscard]] Quota ask(const Charge& charge, std::int64_t now_ns) noexcept { return decide(charge, now_ns, false); }

  /// Undoes a charge that was admitted at `charged_at_ns`. A window gets back what it counted, unless it has ended since. A
  /// steady rate gets back only what time has not given back already: the request still costs what came back while it was
  /// served. So no order of charges and refunds admits more than the limit.
  void give_back(const Charge& charge, std::int64_t charged_at_ns, std::int64_t now_ns) noexcept;

 private:
  struct Rule;
  struct Place {
    Slot* slot;  // null: none
    bool own;    // false: it is shared with another key
    std::int64_t free_at_ns;
  };
  [[nodiscard]] Slot* find(const Rule& rule) const noexcept;
  [[nodiscard]] Place claim(const Rule& rule, std::int64_t now_ns) noexcept;
  [[nodiscard]] Quota decide(const Charge& charge, std::int64_t now_ns, bool counts) noexcept;
  [[nodiscard]] static Quota decide_rate(Place place, const Rule& rule, std::int64_t now_ns, bool counts) noexcept;
  [[nodiscard]] static Quota decide_window(Place place, const Rule& rule, std::int64_t now_ns, bool counts) noexcept;

  std::size_t mask_;
  std::unique_ptr<Set[]> owned_;
  Set* sets_;
};

}  // namespace sallyport::limits
