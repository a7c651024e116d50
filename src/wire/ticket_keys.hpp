// The keys that session tickets are encrypted with: made in memory, rotated, never stored.
#pragma once

#include "base/clock.hpp"

#include <openssl/types.h>

#include <array>
#include <chrono>
#include <mutex>
#include <optional>

namespace sallyport::wire {

/// A ticket is all that the server knows of a session that can be resumed, and an attacker who has its key can read the session
/// (TLS 1.2: the recorded traffic too). So a key seals tickets for 12 hours, opens them for 24 from its making, and is wiped.
/// Used by all loops at once.
class TicketKeys {
 public:
  static constexpr std::chrono::hours seals_for{12};
  static constexpr std::chrono::hours lives_for{24};

  explicit TicketKeys(const base::Clock& clock) noexcept : clock_(clock) {}

  /// Wipes what is too old and makes what is missing. Every use does so too; a timer that calls it removes old keys from the
  /// memory of a server without visitors.
  void turn() noexcept;

  // OpenSSL's contract for these, see SSL_CTX_set_tlsext_ticket_key_evp_cb(3): 1 goes on, 2 goes on and issues a new ticket,
  // 0 does not know the key (a full handshake follows), -1 fails.
  int seal(unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) noexcept;
  int open(const unsigned char* name, const unsigned char* iv, EVP_CIPHER_CTX* cipher, EVP_MAC_CTX* mac) noexcept;

 private:
  struct Key {
    explicit Key(base::Clock::SteadyTime now) noexcept;
    Key(const Key&) = default;
    Key& operator=(const Key&) = default;
    ~Key();
    base::Clock::SteadyTime born;
    std::array<unsigned char, 16> name;
    std::array<unsigned char, 32> encryption;
    std::array<unsigned char, 32> authentication;
  };

  void turn_locked() noexcept;

  const base::Clock& clock_;
  std::mutex mutex_;  // held for a microsecond, a small part of a handshake
  std::optional<Key> current_;
  std::optional<Key> previous_;
};

}  // namespace sallyport::wire
