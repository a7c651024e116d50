// The security header set: one prebuilt block per class of response.
#pragma once

#include "gate/answer.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {

/// The base64 of 16 random bytes, as the CSP nonce is written.
inline constexpr std::size_t nonce_length = 24;

struct HeaderField {
  std::string name;  ///< in lower case
  std::string value;
};

/// The fields of one class of response, in the forms that the wire needs: lines for HTTP/1.1, pairs for HTTP/2.
struct HeaderBlock {
  std::string before_nonce;  ///< complete field lines, up to the nonce; all of them where there is none
  std::string after_nonce;
  std::vector<HeaderField> fields;  ///< the last one's value ends where the nonce begins, where there is one
  std::string value_after_nonce;    ///< what follows the nonce in it
};

/// What the blocks depend on, besides the class.
struct HeaderOptions {
  bool tls = false;          ///< HSTS and upgrade-insecure-requests are sent over TLS only (RFC 6797 7.2)
  bool development = false;  ///< X-Dev-Mode: 1
};

/// The blocks of all classes, built once at start.
class HeaderBlocks {
 public:
  HeaderBlocks() = default;
  explicit HeaderBlocks(const HeaderOptions& options);
  [[nodiscard]] const HeaderBlock& of(ResponseClass kind) const noexcept {
    return blocks_[static_cast<std::size_t>(kind)];
  }

 private:
  std::array<HeaderBlock, response_classes> blocks_;
};

}  // namespace sallyport::gate
