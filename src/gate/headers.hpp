// The security header set: one prebuilt block per class of response.
#pragma once

#include <sallyport/detail/header_options.hpp>

#include "gate/answer.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {

/// The base64 of 16 random bytes, as the CSP nonce is written.
inline constexpr std::size_t nonce_length = 24;

struct HeaderField {
  std::string name;         ///< in lower case
  std::string value;        ///< up to the nonce; all of it where there is none
  std::string after_nonce;  ///< empty where there is none
};

/// The fields of one class of response, in the forms that the wire needs: lines for HTTP/1.1, pairs for HTTP/2.
struct HeaderBlock {
  std::string lines;  ///< complete field lines, up to the first nonce; all of them where there is none
  std::vector<std::string> after_nonce;  ///< what follows each nonce
  std::vector<HeaderField> fields;
  std::size_t size = 0;           ///< bytes of all lines, nonces included
  std::size_t around_nonces = 0;  ///< bytes of the values that have a nonce, without it
};

/// What the blocks depend on, besides the class and what was chosen.
struct HeaderContext {
  bool tls = false;          ///< HSTS and upgrade-insecure-requests are sent over TLS only (RFC 6797 7.2)
  bool development = false;  ///< X-Dev-Mode: 1
  std::string hsts = {};     ///< Strict-Transport-Security as `hsts_value` makes it; empty: the default
};

/// The blocks of all classes, built once at start.
class HeaderBlocks {
 public:
  HeaderBlocks() = default;
  explicit HeaderBlocks(const HeaderContext& context) : HeaderBlocks(context, detail::HeaderOptions{}) {}
  HeaderBlocks(const HeaderContext& context, const detail::HeaderOptions& options);
  [[nodiscard]] const HeaderBlock& of(ResponseClass kind) const noexcept {
    return blocks_[static_cast<std::size_t>(kind)];
  }

 private:
  std::array<HeaderBlock, response_classes> blocks_;
};

/// The value of Strict-Transport-Security that the settings ask for.
[[nodiscard]] std::string hsts_value(const ops::HeaderSettings& settings);

/// What the settings choose: the outermost of all choices. Holds views of `settings`.
[[nodiscard]] detail::HeaderOptions header_options(const ops::HeaderSettings& settings);

/// Refuses what weakens the headers: CFG-016 (HSTS), CFG-044 (a policy, by its directive).
void check_header_settings(const ops::HeaderSettings& settings, ops::Findings& findings);

}  // namespace sallyport::gate
