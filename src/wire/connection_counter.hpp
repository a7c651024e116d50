// How many connections there are, in all and per client: the caps that keep one client from taking every descriptor.
#pragma once

#include "crypto/siphash.hpp"
#include "ops/ip_range.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace sallyport::wire {

/// Counts for all event loops. Asked once per connection, so a lock costs nothing that matters.
class ConnectionCounter {
 public:
  ConnectionCounter(std::uint32_t total, std::uint32_t per_client)
      : total_limit_(total), per_client_limit_(per_client) {}

  /// False at either limit; otherwise the connection counts until `release`.
  [[nodiscard]] bool admit(const ops::IpAddress& client) {
    const std::lock_guard lock(mutex_);
    if (total_ >= total_limit_) return false;
    std::uint32_t& count = per_client_[key(client)];
    if (count >= per_client_limit_) return false;
    ++count;
    ++total_;
    return true;
  }
  void release(const ops::IpAddress& client) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = per_client_.find(key(client));
    if (found == per_client_.end()) return;
    if (--found->second == 0) per_client_.erase(found);
    --total_;
  }

 private:
  // A keyed hash: strangers choose their addresses, but not the buckets these fall into.
  [[nodiscard]] std::uint64_t key(const ops::IpAddress& client) const noexcept {
    return crypto::siphash(hash_key_, client.client_prefix().bytes());
  }

  const std::uint32_t total_limit_;
  const std::uint32_t per_client_limit_;
  const crypto::SipHashKey hash_key_ = crypto::SipHashKey::random();
  std::mutex mutex_;
  std::uint32_t total_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> per_client_;
};

}  // namespace sallyport::wire
