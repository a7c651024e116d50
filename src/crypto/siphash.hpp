// SipHash-2-4: hashing for tables whose keys are chosen by clients.
#pragma once

#include <cstdint>

#include "crypto/bytes.hpp"

namespace sallyport::crypto {

/// A key for `siphash`, drawn at start and never stored.
struct SipHashKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  static SipHashKey random() noexcept;
};

/// SipHash-2-4: a hash for tables whose keys are chosen by clients, who without the secret key can't aim at one bucket.
/// 64 bits are too few for a token: those take HmacSha256.
[[nodiscard]] std::uint64_t siphash(const SipHashKey& key, ByteView message) noexcept;

}  // namespace sallyport::crypto
