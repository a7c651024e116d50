// The device cookie: distinguishes a browser that has signed in to an account before from all others.
#pragma once

#include "crypto/mac.hpp"
#include "crypto/purposes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::identity {

inline constexpr std::string_view device_cookie_name = "__Host-Http-device";

/// After a sign-in a browser keeps a random device id, sealed for that account. Its later attempts are counted by the device,
/// all others by the account: attackers who guess at an account lock it for other browsers, not for its owner's (OWASP,
/// "Slow Down Online Guessing Attacks with Device Cookies"). The cookie proves nothing else: a thief gains five more guesses.
class DeviceCookies {
 public:
  explicit DeviceCookies(const crypto::Key<crypto::purpose::CookieMac>& key) : mac_(key) {}

  /// The device id in the cookie's value, if it was made here for this account.
  [[nodiscard]] std::optional<std::string_view> device_of(std::string_view value, std::string_view account) const;

  /// The Set-Cookie value of a new device of this account. Lasts 400 days, the longest that browsers keep one (RFC 6265bis 5.5).
  [[nodiscard]] std::string issue(std::string_view account) const;

 private:
  [[nodiscard]] std::string tag(std::string_view device, std::string_view account) const;

  crypto::HmacSha256 mac_;
};

}  // namespace sallyport::identity
