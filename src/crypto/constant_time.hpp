// Comparing secrets in a time that does not depend on where they differ.
#pragma once

#include <openssl/crypto.h>

#include "crypto/bytes.hpp"

namespace sallyport::crypto {

/// Whether both hold the same bytes. Only the sizes, which are never secret, show in the time it takes.
inline bool ct_equal(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace sallyport::crypto
