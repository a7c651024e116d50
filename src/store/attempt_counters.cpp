// Counting attempts under sharded locks: hashing a password takes a million times longer.
#include "store/attempt_counters.hpp"

#include <algorithm>
#include <bit>

namespace sallyport::store {

AttemptCounters::AttemptCounters(std::size_t entries)
    : mask_(std::bit_ceil(std::max(entries, ways)) / ways - 1), sets_(std::make_unique<Set[]>(mask_ + 1)) {}

AttemptCounters::Entry* AttemptCounters::find(Set& set, std::uint64_t key) noexcept {
  const auto found = std::find_if(set.begin(), set.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == set.end() ? nullptr : &*found;
}

Attempt AttemptCounters::reserve(std::uint64_t key, std::uint32_t max, std::int64_t window_ns, std::int64_t now_ns) {
  if (max == 0) return {false, window_ns};
  const std::size_t at = index(key);
  const std::lock_guard lock(lock_of(at));
  Set& set = sets_[at];
  const std::int64_t ends_ns = now_ns + window_ns;

  Entry* const known = find(set, key);
  if (known && known->ends_ns > now_ns) {
    if (known->left == 0) return {false, known->ends_ns - now_ns};
    if (known->left == known->max) known->ends_ns = ends_ns;  // no failure stands: the window begins here
    --known->left;
    return {true, 0};
  }

  const auto is_free = [&](const Entry& entry) { return entry.ends_ns <= now_ns; };
  Entry* const unused = known ? known : std::find_if(set.begin(), set.end(), is_free);
  if (unused != set.end()) {
    *unused = {key, ends_ns, max - 1, max};
    return {true, 0};
  }

  Entry& loosest = *std::ranges::max_element(set, {}, &Entry::left);
  if (loosest.left == 0) return {false, std::ranges::min_element(set, {}, &Entry::ends_ns)->ends_ns - now_ns};
  max = std::min(max, loosest.left);
  loosest = {key, ends_ns, max - 1, max};
  return {true, 0};
}

void AttemptCounters::give_back(std::uint64_t key) {
  const std::size_t at = index(key);
  const std::lock_guard lock(lock_of(at));
  Entry* const entry = find(sets_[at], key);
  if (entry && entry->left < entry->max) ++entry->left;
}

void AttemptCounters::forget(std::uint64_t key) {
  const std::size_t at = index(key);
  const std::lock_guard lock(lock_of(at));
  if (Entry* const entry = find(sets_[at], key)) entry->left = entry->max;
}

}  // namespace sallyport::store
