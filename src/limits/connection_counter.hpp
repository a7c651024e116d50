// Counts connections or files, in total and per client, so that one client can't use up all descriptors.
#pragma once

#include "base/ip_range.hpp"
#include "crypto/siphash.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace sallyport::limits {

/// Counts connections, or files that are being sent, for all event loops. Called once for each of them, so a lock is cheap enough.
class ConnectionCounter {
 public:
  enum class Outcome : std::uint8_t { admitted, too_many, too_many_of_client };

  /// One connection or file: counts until it is destroyed. The counter outlives it.
  class Permit {
   public:
    Permit() noexcept = default;
    Permit(Permit&& other) noexcept
        : counter_(std::exchange(other.counter_, nullptr)),
          client_(other.client_),
          counts_client_(other.counts_client_) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(counter_, other.counter_);
      std::swap(client_, other.client_);
      std::swap(counts_client_, other.counts_client_);
      return *this;
    }
    ~Permit() {
      if (counter_) counter_->release(*this);
    }

   private:
    friend class ConnectionCounter;
    ConnectionCounter* counter_ = nullptr;
    std::uint64_t client_ = 0;
    bool counts_client_ = false;  // not only in the total
  };

  ConnectionCounter(std::uint32_t total, std::uint32_t per_client)
      : total_limit_(total), per_client_limit_(per_client) {}

  /// Fills `permit` unless a limit is reached. A trusted proxy counts in the total only.
  [[nodiscard]] Outcome admit(const base::IpAddress& peer, bool from_trusted_proxy, Permit& permit) {
    Permit taken;
    taken.client_ = crypto::siphash(hash_key_, peer.client_prefix().bytes());
    taken.counts_client_ = !from_trusted_proxy;
    const std::lock_guard lock(mutex_);
    if (total_ >= total_limit_) return Outcome::too_many;
    if (taken.counts_client_) {
      if (per_client_limit_ == 0) return Outcome::too_many_of_client;
      std::uint32_t& count = per_client_[taken.client_];
      if (count >= per_client_limit_) return Outcome::too_many_of_client;
      ++count;
    }
    ++total_;
    taken.counter_ = this;
    permit = std::move(taken);
    return Outcome::admitted;
  }

 private:
  void release(const Permit& permit) noexcept {
    const std::lock_guard lock(mutex_);
    --total_;
    if (!permit.counts_client_) return;
    const auto found = per_client_.find(permit.client_);
    if (--found->second == 0) per_client_.erase(found);
  }

  const std::uint32_t total_limit_;
  const std::uint32_t per_client_limit_;
  // A keyed hash: clients choose their addresses, but not the buckets that these fall into.
  const crypto::SipHashKey hash_key_ = crypto::SipHashKey::random();
  std::mutex mutex_;
  std::uint32_t total_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> per_client_;
};

}  // namespace sallyport::limits
