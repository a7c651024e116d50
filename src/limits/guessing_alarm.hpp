// Tells that passwords are guessed at many accounts from many sources, each of which stays below its own limit.
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

namespace sallyport::limits {

/// Of one process, for all its accounts together. Any thread may call it.
class GuessingAlarm {
 public:
  /// In `window`, failures at this many accounts from this many sources are no people who mistype.
  static constexpr std::chrono::minutes window{10};
  static constexpr std::size_t many_accounts = 50;
  static constexpr std::size_t many_sources = 20;

  /// What has failed since the window began. Accounts and sources are counted in a fixed table: no more than there were.
  struct Seen {
    std::size_t failures = 0;
    std::size_t accounts = 0;
    std::size_t sources = 0;
  };

  /// Notes a failure at `now_ns`; both are hashes. Answers once in a window: when it is time to say it.
  std::optional<Seen> failed(std::uint64_t source, std::uint64_t account, std::int64_t now_ns) noexcept;

 private:
  static constexpr std::size_t places = 4096;

  std::mutex mutex_;
  std::int64_t began_ns_ = 0;
  std::size_t failures_ = 0;
  std::bitset<places> accounts_;
  std::bitset<places> sources_;
  bool said_ = false;
};

}  // namespace sallyport::limits
