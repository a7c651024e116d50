// The window of one key's attempts: how many are left in it, and how long the key is shut when none are.
#pragma once

#include "limits/charge.hpp"

#include <algorithm>
#include <cstdint>

namespace sallyport::limits {

/// The rule of `Counting::failures`, which every store of limits follows. Times are nanoseconds of the store's clock.
///
/// A key has a window (its beginning and end), what is `left` of `max` in it, a time until which it is shut, and a level with an end of its
/// own. It is at rest from the later of `window's end` and `shut until` on. At `now`:
/// - charge: a key at rest that has nothing left was used up: its level rises by one and is remembered for 24 hours from the end of its
///   rest. A key at rest has `left = max = limit`, whatever it had.
///   Refused, and nothing changes, where less than the cost is left, until the key is at rest. Otherwise:
///   where all is left, a window of one period begins now; the cost is taken off; and where that leaves nothing, the key is shut until
///   `now + min(period * 2^level, max(period, 1 hour))`, with a level whose time is over counting as 0.
/// - give_back, of what was charged no earlier than the window began: the cost comes back, up to `max`, and the key is no longer shut. The
///   level never rose for it. What was charged before the window began changes nothing.
/// - forget, upon success: all of `max` is left, the key is not shut, the level is 0.
/// So five failures shut a key for a whole period from the fifth on, the next five for two, and so on up to an hour, or to the period where
/// that is longer: never forever, because the user who is locked out need not be the one who guessed.
///
/// A charge of `Counting::fixed_window` is the same without being shut for longer than the window, and without levels.
struct AttemptWindow {
  std::int64_t began_ns;
  std::int64_t window_end_ns;
  std::int64_t shut_until_ns;
  std::int64_t level_until_ns;
  std::uint32_t left;
  std::uint32_t max;  ///< 0: the key is at rest, or new
  std::uint32_t level;

  [[nodiscard]] std::int64_t end_ns() const noexcept { return std::max(window_end_ns, shut_until_ns); }
  /// The window as it is at `now_ns`.
  [[nodiscard]] AttemptWindow at(std::int64_t now_ns) const noexcept;
  /// Decides about the charge, of whose limit no more than `limit` is there, on a window as it is `at(now_ns)`. Where it is admitted and
  /// `counts`, it is counted. A cost above the limit never is admitted; 0 counts as 1.
  [[nodiscard]] Quota charge(const Charge& charge, std::uint32_t limit, std::int64_t now_ns, bool counts) noexcept;
  /// Undoes a charge that was admitted at `charged_at_ns`.
  void give_back(const Charge& charge, std::int64_t charged_at_ns) noexcept;
  /// After a success.
  void forget() noexcept;
  /// Until when it has to be kept: afterwards it says no more than a new one.
  [[nodiscard]] std::int64_t needed_until_ns() const noexcept;
  /// Cuts times to come to what they can be, so that a clock that was set back keeps nobody out for longer than the rule does.
  void bound_by(const Charge& charge, std::int64_t now_ns) noexcept;
};

}  // namespace sallyport::limits
