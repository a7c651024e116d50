// The signature of a webhook: read from the fields of a head, checked over the bytes of the body.
#pragma once

#include <sallyport/webhook.hpp>

#include "crypto/mac.hpp"
#include "http/http1_parser.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sallyport::gate {

/// What is wrong with a delivery.
enum class SignatureFault : std::uint8_t {
  none,
  missing,    ///< a field that the scheme names is not there
  malformed,  ///< a field is there twice or can't be read
  old,        ///< the time of sending is too long ago
  early,      ///< or too far ahead
  wrong,      ///< no signature is one of this body under one of the secrets
};

/// What a head says of its delivery. The texts are views of the head.
struct SignedHead {
  /// Senders send two while a secret changes.
  static constexpr std::size_t most_signatures = 8;
  static constexpr std::size_t longest_id = 256;

  std::array<crypto::HmacSha256::Tag, most_signatures> signatures;
  std::size_t signature_count = 0;
  std::string_view timestamp;  ///< as it was sent and signed
  std::string_view id;
};

/// Reads the fields that the scheme names. `now`: seconds since 1970.
[[nodiscard]] SignatureFault read_signed_head(const WebhookScheme& scheme, std::span<const http::HeaderField> fields,
                                              std::int64_t now, SignedHead& out) noexcept;

/// Whether one of the signatures is that of `body` under one of `keys`. All are compared with all, each in constant time, so that the time tells
/// nothing of which, or how much of one, was right. `first`: what the first key makes of it, which names these bytes. Throws std::bad_alloc.
[[nodiscard]] bool verify_signature(const WebhookScheme& scheme, std::span<const crypto::HmacSha256> keys,
                                    const SignedHead& head, std::string_view body, crypto::HmacSha256::Tag& first);

}  // namespace sallyport::gate
