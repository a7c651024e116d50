// What all stores of limits share: the charge of a request, and the decision about it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace sallyport::limits {

/// How a limit counts.
enum class Counting : std::uint8_t {
  gcra,          ///< a steady rate with a burst: `limit` at once, all of it back after `period_ns`
  fixed_window,  ///< at most `limit` in a window of `period_ns`, which begins with the first
  failures,      ///< as fixed_window; a key that has used up its window waits longer each time (see attempt_window.hpp)
};

/// What one limit is charged with for a request.
struct Charge {
  std::uint64_t key = 0;  ///< a keyed hash (crypto/siphash.hpp) of what is counted and of which limit counts it
  Counting counting = Counting::gcra;
  std::uint32_t limit = 0;
  std::int64_t period_ns = 0;
  std::uint32_t cost = 1;
};

/// The most limits that one decision is about.
inline constexpr std::size_t max_charges = 8;

/// Where one limit stands after a decision.
struct Quota {
  bool admitted = false;
  std::uint32_t remaining = 0;      ///< how much more would be admitted now
  std::int64_t retry_after_ns = 0;  ///< until this charge would be admitted, when refused
  std::int64_t reset_ns = 0;        ///< until the whole limit is there again
};

/// Several charges, decided as one: either all are counted or none is.
struct Decision {
  bool admitted = false;
  bool store_failed = false;  ///< the store could not be reached; `admitted` is false and nothing else is known
  std::size_t count = 0;      ///< of `quotas`, in the order of the charges
  std::array<Quota, max_charges> quotas{};
};

}  // namespace sallyport::limits
