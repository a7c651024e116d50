// The counters behind `attempts`: how many failures a key has left, and how long it waits when it has none, in a fixed table.
#pragma once

#include "limits/attempt_window.hpp"
#include "limits/charge.hpp"

#include <pthread.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace sallyport::limits {

/// Counts by `Counting::failures`. An attempt is counted before it is made and given back when it did not fail, so that
/// parallel guesses can't all pass. Any thread, and any process that maps the same memory, may call anything. A process that
/// dies while it holds a lock does not block the others, and what it was writing is completed from its draft.
///
/// The rule is that of AttemptWindow.
///
/// Memory is fixed: sets of eight entries. A new key takes one at rest, first of all one that remembers no level. Where
/// none is at rest it takes the place of the one with most attempts left, and gets no more than that one had left. So a
/// key that was displaced and comes back to a full set has no more attempts than before: filling the table gains no
/// guess. An entry that is used up is never displaced; where all eight are, new keys are refused.
class AttemptCounters {
 public:
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t shard_count = 64;

  struct Entry : AttemptWindow {
    std::uint64_t key;
  };
  using Set = std::array<Entry, ways>;
  /// A lock on every 64th set, and what its holder is about to write.
  struct alignas(64) Shard {
    pthread_mutex_t mutex;
    Entry draft;
    std::size_t writing;  ///< 1 and the index of the entry that `draft` belongs in; 0: none
  };
  using Shards = std::array<Shard, shard_count>;

  /// `entries` is rounded up to a power of two. The default takes 3.5 MiB.
  explicit AttemptCounters(std::size_t entries = std::size_t{1} << 16);
  /// Counters in memory that other processes may use: a power of two of sets, all zero at first, and shards made by
  /// `prepare`.
  AttemptCounters(Shards& shards, std::span<Set> sets) noexcept
      : mask_(sets.size() - 1), shards_(&shards), sets_(sets.data()) {}
  [[nodiscard]] static std::size_t sets_for(std::size_t entries) noexcept;
  /// Makes the locks, once for all processes.
  static void prepare(Shards& shards) noexcept;

  /// Decides about `charge.cost` at `now_ns` and counts it when admitted. A cost above the limit never is; 0 counts
  /// as 1.
  [[nodiscard]] Quota charge(const Charge& charge, std::int64_t now_ns) noexcept {
    return decide(charge, now_ns, true);
  }
  /// What `charge` would say; counts nothing.
  [[nodiscard]] Quota ask(const Charge& charge, std::int64_t now_ns) noexcept { return decide(charge, now_ns, false); }
  /// Undoes an attempt that was admitted at `charged_at_ns`.
  void give_back(const Charge& charge, std::int64_t charged_at_ns) noexcept;
  /// After a success: forgets the failures of `key`.
  void forget(std::uint64_t key) noexcept;

 private:
  class Lock;
  [[nodiscard]] Quota decide(const Charge& charge, std::int64_t now_ns, bool counts) noexcept;
  [[nodiscard]] std::size_t set_of(std::uint64_t key) const noexcept { return static_cast<std::size_t>(key) & mask_; }
  [[nodiscard]] Entry* find(std::uint64_t key) const noexcept;

  std::size_t mask_;
  std::unique_ptr<Shards> owned_shards_;
  std::unique_ptr<Set[]> owned_sets_;
  Shards* shards_;
  Set* sets_;
};

}  // namespace sallyport::limits
