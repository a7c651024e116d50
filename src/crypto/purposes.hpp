// Keys with a purpose: one type for each, so that a key can't be used for another purpose.
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

#include <sallyport/secret.hpp>

#include "crypto/bytes.hpp"

namespace sallyport::crypto {

class MasterKey;

/// What keys are derived for. The label goes into the derivation: changing one changes its key, and with it everything
/// that was made under it.
namespace purpose {
/// Hashes session ids for the store and the log.
struct SessionMac {
  static constexpr std::string_view label = "sallyport/v1/session-mac";
};
/// Session-bound CSRF tokens.
struct CsrfToken {
  static constexpr std::string_view label = "sallyport/v1/csrf-token";
};
/// Values that a cookie carries and the client must not change.
struct CookieMac {
  static constexpr std::string_view label = "sallyport/v1/cookie-mac";
};
/// Client addresses and account names as the keys of shared counters.
struct RateLimitMac {
  static constexpr std::string_view label = "sallyport/v1/rate-limit-mac";
};
/// Names accounts in the log: who reads it sees which account is attacked, and not whose it is.
struct AccountTag {
  static constexpr std::string_view label = "sallyport/v1/account-tag";
};
/// One-time codes as they are kept.
struct OneTimeCode {
  static constexpr std::string_view label = "sallyport/v1/one-time-code";
};
/// Encrypts what sealed cookies carry.
struct SealedCookie {
  static constexpr std::string_view label = "sallyport/v1/sealed-cookie";
};
}  // namespace purpose

template <class P>
concept Purpose = requires {
  { P::label } -> std::convertible_to<std::string_view>;
};

/// 32 bytes for one purpose, made by `MasterKey::derive`.
template <Purpose P>
class Key final : public detail::Secret {
 public:
  static constexpr std::size_t size = 32;

  template <class Other>
  Key(const Key<Other>&) = delete;  // SEC-006: a key serves one purpose: derive another from the master key

 private:
  friend class MasterKey;
  Key() : Secret(size) {}
};

}  // namespace sallyport::crypto
