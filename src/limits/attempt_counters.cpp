// Counting attempts under sharded locks: hashing a password takes a million times longer.
#include "limits/attempt_counters.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <utility>

namespace sallyport::limits {
namespace {

using Entry = AttemptCounters::Entry;

constexpr std::int64_t second_ns = 1'000'000'000;

// The value of an entry at rest, by which the one to replace is chosen: the time until which its level is remembered.
std::int64_t remembered_until(const Entry& entry, std::int64_t now_ns) noexcept {
  const AttemptWindow rested = entry.at(now_ns);
  return rested.level == 0 || rested.level_until_ns <= now_ns ? 0 : rested.level_until_ns;
}

}  // namespace

/// Holds the shard of a key.
class AttemptCounters::Lock {
 public:
  Lock(const AttemptCounters& counters, std::uint64_t key) noexcept
      : shard_((*counters.shards_)[counters.set_of(key) % shard_count]), sets_(counters.sets_) {
    const int result = ::pthread_mutex_lock(&shard_.mutex);
    held_ = result == 0 || (result == EOWNERDEAD && recover(counters.mask_));
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (held_) ::pthread_mutex_unlock(&shard_.mutex);
  }

  /// False: the lock in shared memory can't be used, and no attempt can be admitted.
  explicit operator bool() const noexcept { return held_; }

  /// Writes the entry wholly or not at all, even if the process is killed in between. The next holder of the lock sees
  /// the writes in this order; only the compiler must be kept from reordering them.
  void write(Entry& entry, const Entry& next) noexcept {
    shard_.draft = next;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    shard_.writing = static_cast<std::size_t>(&entry - sets_->data()) + 1;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    entry = next;
    std::atomic_signal_fence(std::memory_order_seq_cst);
    shard_.writing = 0;
  }

 private:
  bool recover(std::size_t mask) noexcept {
    const std::size_t writing = std::exchange(shard_.writing, 0);
    if (writing != 0 && writing <= (mask + 1) * ways) sets_[(writing - 1) / ways][(writing - 1) % ways] = shard_.draft;
    return ::pthread_mutex_consistent(&shard_.mutex) == 0;
  }

  Shard& shard_;
  Set* sets_;
  bool held_;
};

AttemptCounters::AttemptCounters(std::size_t entries)
    : mask_(sets_for(entries) - 1),
      owned_shards_(std::make_unique<Shards>()),
      owned_sets_(std::make_unique<Set[]>(mask_ + 1)),
      shards_(owned_shards_.get()),
      sets_(owned_sets_.get()) {
  prepare(*shards_);
}

std::size_t AttemptCounters::sets_for(std::size_t entries) noexcept {
  return std::bit_ceil(std::max(entries, ways)) / ways;
}

void AttemptCounters::prepare(Shards& shards) noexcept {
  pthread_mutexattr_t kind;
  ::pthread_mutexattr_init(&kind);
  ::pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
  ::pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
  for (Shard& shard : shards) ::pthread_mutex_init(&shard.mutex, &kind);
  ::pthread_mutexattr_destroy(&kind);
}

AttemptCounters::Entry* AttemptCounters::find(std::uint64_t key) const noexcept {
  Set& set = sets_[set_of(key)];
  const auto found = std::find_if(set.begin(), set.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == set.end() ? nullptr : &*found;
}

Quota AttemptCounters::decide(const Charge& charge, std::int64_t now_ns, bool counts) noexcept {
  const std::uint32_t cost = std::max(charge.cost, 1U);
  if (cost > charge.limit) return AttemptWindow{}.charge(charge, charge.limit, now_ns, false);
  Lock lock(*this, charge.key);
  if (!lock) return {false, 0, second_ns, 0};

  Entry* place = find(charge.key);
  std::uint32_t limit = charge.limit;
  Entry next{};
  next.key = charge.key;
  if (place) {
    static_cast<AttemptWindow&>(next) = place->at(now_ns);
  } else if (counts) {
    Set& set = sets_[set_of(charge.key)];
    for (Entry& entry : set) {
      if (entry.end_ns() > now_ns) continue;
      if (!place || remembered_until(entry, now_ns) < remembered_until(*place, now_ns)) place = &entry;
    }
    if (!place) {
      place = &*std::ranges::max_element(set, {}, &Entry::left);
      if (place->left < cost) {
        const std::int64_t wait = std::ranges::min_element(set, {}, &Entry::end_ns)->end_ns() - now_ns;
        return {false, 0, wait, wait};
      }
      limit = std::min(limit, place->left);
    }
  }

  const Quota quota = next.charge(charge, limit, now_ns, counts);
  if (quota.admitted && counts) lock.write(*place, next);
  return quota;
}

void AttemptCounters::give_back(const Charge& charge, std::int64_t charged_at_ns) noexcept {
  Lock lock(*this, charge.key);
  Entry* const entry = lock ? find(charge.key) : nullptr;
  if (!entry || charged_at_ns < entry->began_ns) return;
  Entry next = *entry;
  next.give_back(charge, charged_at_ns);
  lock.write(*entry, next);
}

void AttemptCounters::forget(std::uint64_t key) noexcept {
  Lock lock(*this, key);
  Entry* const entry = lock ? find(key) : nullptr;
  if (!entry) return;
  Entry next = *entry;
  next.forget();
  lock.write(*entry, next);
}

}  // namespace sallyport::limits
