// PublicUrl: the address of somebody else's server, as a client names it for webhooks and previews.
#pragma once

#include <sallyport/text.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

/// `https://host/path?query` or `http://…`, for `OutboundAny`, as an input. The host is a name or an address in the one spelling that all
/// programs read alike; an address has to be public. No user name, no fragment, no port but 80, 443, 8080 and 8443. What is no URI's
/// character is refused, not repaired. Whether a name has public addresses only is looked up when it is called.
class PublicUrl {
 public:
  static constexpr std::size_t min_length = 10;
  static constexpr std::size_t max_length = 2048;
  static constexpr std::string_view format = "url";

  /// The address; else `too_long`, `format`, or `not_allowed` for an address that is not public and a port that is not named above.
  static Parsed<PublicUrl> parse(std::string_view text);
  /// One that was stored; nothing when it is none.
  static std::optional<PublicUrl> from_storage(std::string_view text);

  [[nodiscard]] std::string_view view() const noexcept { return text_; }
  operator std::string_view() const noexcept { return text_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool https() const noexcept { return authority_begin_ == 8; }
  /// `host` or `host:port`, as the Host field says it.
  [[nodiscard]] std::string_view authority() const noexcept { return view().substr(authority_begin_, authority_size_); }
  /// Without the brackets of an IPv6 address.
  [[nodiscard]] std::string_view host() const noexcept;
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// Path and query.
  [[nodiscard]] std::string_view target() const noexcept {
    const std::string_view rest = view().substr(authority_begin_ + authority_size_);
    return rest.empty() ? std::string_view("/") : rest;
  }

  friend bool operator==(const PublicUrl& a, const PublicUrl& b) noexcept { return a.text_ == b.text_; }

 private:
  explicit PublicUrl(std::string_view text) : text_(text) {}

  std::string text_;
  std::size_t authority_begin_ = 0;
  std::size_t authority_size_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace sallyport
