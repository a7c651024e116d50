// Message authentication: HMAC-SHA-256 under a key that is prepared once.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>

#include <sallyport/secret.hpp>

#include "crypto/bytes.hpp"

struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX

namespace sallyport::crypto {

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) under one key. The key is hashed once, here; a call costs two copies of a hash
/// state and no look-up. Any number of threads may use one object at a time.
class HmacSha256 {
 public:
  static constexpr std::size_t tag_size = 32;
  using Tag = std::array<unsigned char, tag_size>;

  /// `key` may have any size and is not kept. Throws std::bad_alloc, as `sign` and `verify` do; nothing else can fail.
  explicit HmacSha256(ByteView key);
  explicit HmacSha256(const detail::Secret& key);

  [[nodiscard]] Tag sign(ByteView message) const { return sign_joined({message}); }
  /// The tag of the parts put end to end. Nothing marks where one ends: give lengths, or fixed sizes, where it matters.
  [[nodiscard]] Tag sign_joined(std::initializer_list<ByteView> parts) const;
  /// Whether `tag` is the whole tag of `message`, in constant time.
  [[nodiscard]] bool verify(ByteView message, ByteView tag) const;

 private:
  struct FreeDigest {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  using Digest = std::unique_ptr<evp_md_ctx_st, FreeDigest>;
  static Digest new_digest();
  void prepare(ByteView key);

  Digest inner_;  // SHA-256 after key ^ ipad
  Digest outer_;  // SHA-256 after key ^ opad
};

}  // namespace sallyport::crypto
