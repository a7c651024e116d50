// Sealing: text that only this service can make and read, and only where it was made for.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/mac.hpp"
#include "crypto/purposes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::crypto {

/// Authenticated encryption under a key of its own for each text: AES-256-GCM with HMAC-SHA-256(key, salt) as its key, the salt being 192
/// random bits. One key of AES-GCM takes 2^32 texts with random nonces (NIST SP 800-38D 8.3), which one service could come to; this one as
/// many as can be made. Any number of threads may use one object.
class Sealer {
 public:
  explicit Sealer(const Key<purpose::SealedCookie>& key) : keys_(key) {}

  /// base64url of salt, ciphertext and tag. `place` is not in it, and has to be the same to open it. Throws std::bad_alloc.
  [[nodiscard]] std::string seal(std::string_view text, std::string_view place) const;
  /// The text; nothing where it was made under another key, for another place, or changed.
  [[nodiscard]] std::optional<std::string> open(std::string_view sealed, std::string_view place) const;

  static constexpr std::size_t salt_size = 24;
  static constexpr std::size_t tag_size = 16;
  /// The longest that `open` looks at, in bytes.
  static constexpr std::size_t max_sealed = 8192;

 private:
  HmacSha256 keys_;
};

}  // namespace sallyport::crypto
