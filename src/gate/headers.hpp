// The security header set: one prebuilt block per class of response.
#pragma once

#include <sallyport/detail/header_options.hpp>

#include "gate/answer.hpp"
#include "gate/header_block.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace sallyport::gate {

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
  /// A site's own, in the order of `ResponseClass`.
  explicit HeaderBlocks(std::array<HeaderBlock, response_classes> blocks) : blocks_(std::move(blocks)) {}
  [[nodiscard]] const HeaderBlock& of(ResponseClass kind) const noexcept {
    return blocks_[static_cast<std::size_t>(kind)];
  }

 private:
  std::array<HeaderBlock, response_classes> blocks_;
};

/// The value of Strict-Transport-Security that the settings ask for.
[[nodiscard]] std::string hsts_value(const ops::HeaderSettings& settings);

/// The options that the settings choose: those of app, router and route override them. Holds views of `settings`.
[[nodiscard]] detail::HeaderOptions header_options(const ops::HeaderSettings& settings);

/// Refuses what weakens the headers: CFG-016 (HSTS), CFG-044 (a policy, by its directive).
void check_header_settings(const ops::HeaderSettings& settings, ops::Findings& findings);

}  // namespace sallyport::gate
