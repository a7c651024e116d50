// CSRF tokens: signed, bound to a session or a visitor's cookie, good for a day or two (OWASP, "signed double submit").
#pragma once

#include "base/clock.hpp"
#include "crypto/mac.hpp"
#include "crypto/purposes.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::gate {

/// A token is `random "." HMAC-SHA-256(the day's key, len "!" binding "!" len "!" random)`, both parts base64url. Each is new, so that the
/// size of a compressed page tells nothing about it (BREACH). Days are UTC, and their keys derive from the purpose's: tokens of today and
/// yesterday are good, and there is no list of them.
class CsrfTokens {
 public:
  explicit CsrfTokens(const crypto::Key<crypto::purpose::CsrfToken>& key) : key_(key) {}

  /// `binding`: what the browser sends back by itself, a session's or a visitor's cookie. Throws std::bad_alloc, as `verify` does.
  [[nodiscard]] std::string issue(std::string_view binding, base::Clock::WallTime now) const;
  /// In constant time for tokens of the right form.
  [[nodiscard]] bool verify(std::string_view token, std::string_view binding, base::Clock::WallTime now) const;

 private:
  [[nodiscard]] crypto::HmacSha256::Tag tag(std::string_view random, std::string_view binding, std::int64_t day) const;

  crypto::HmacSha256 key_;
};

}  // namespace sallyport::gate
