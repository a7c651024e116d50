// The counters behind `attempts`: how many failures a key has left in its window, in a fixed table.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>

namespace sallyport::store {

/// What became of an attempt.
struct Attempt {
  bool admitted = false;
  std::int64_t retry_after_ns = 0;  ///< until one is admitted, when refused
};

/// Failures per key in a fixed window that begins with the first of them. An attempt is counted before it is made
/// and given back when it succeeds, so that parallel guesses can't pass together. A key (a keyed hash: see
/// crypto/siphash.hpp) stands for what is counted and for its limit: give each limit keys of its own. Any thread
/// may call anything.
///
/// Memory is fixed: sets of eight entries. One whose window is over is free. A new key that finds its set full of
/// live ones takes the place of the one with most attempts left, and gets no more than that one had left. So a
/// key that was displaced and comes back to a full set finds no more than it left behind: filling the table wins
/// nobody a guess. An entry at its limit is never displaced; where all eight are, new keys are refused.
class AttemptCounters {
 public:
  /// `entries` is rounded up to a power of two. The default takes 1.5 MiB.
  explicit AttemptCounters(std::size_t entries = std::size_t{1} << 16);

  /// Counts an attempt of `key`, if that does not make more than `max` in `window_ns`.
  [[nodiscard]] Attempt reserve(std::uint64_t key, std::uint32_t max, std::int64_t window_ns, std::int64_t now_ns);

  /// An admitted attempt of `key` was none after all: it succeeded.
  void give_back(std::uint64_t key);

  /// All is well with `key`: its failures are forgotten.
  void forget(std::uint64_t key);

 private:
  static constexpr std::size_t ways = 8;
  static constexpr std::size_t shards = 64;

  struct Entry {
    std::uint64_t key = 0;
    std::int64_t ends_ns = std::numeric_limits<std::int64_t>::min();  // of the window: long over
    std::uint32_t left = 0;                                           // attempts
    std::uint32_t max = 0;  // of the limit, or what a displaced entry had left
  };
  using Set = std::array<Entry, ways>;

  // The whole hash is kept as the key; its low bits choose the set, theirs the lock.
  [[nodiscard]] std::size_t index(std::uint64_t key) const noexcept { return static_cast<std::size_t>(key) & mask_; }
  [[nodiscard]] std::mutex& lock_of(std::size_t set) noexcept { return locks_[set % shards]; }
  static Entry* find(Set& set, std::uint64_t key) noexcept;

  std::size_t mask_;
  std::unique_ptr<Set[]> sets_;
  std::array<std::mutex, shards> locks_;
};

}  // namespace sallyport::store
