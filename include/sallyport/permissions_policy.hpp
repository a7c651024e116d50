// Permissions-Policy as a route option: which features of the browser the pages may use, checked while compiling.
#pragma once

#include <sallyport/detail/csp_grammar.hpp>
#include <sallyport/detail/header_options.hpp>
#include <sallyport/detail/literal.hpp>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sallyport {

namespace detail {

/// What pages may not use unless they ask: the list of OWASP's Secure Headers Project (headers_add.json), without `web-share`, which
/// Chromium knows on some systems only: elsewhere each page would bring a warning in the console.
inline constexpr std::array<std::string_view, 29> browser_features{"accelerometer",
                                                                   "autoplay",
                                                                   "camera",
                                                                   "clipboard-read",
                                                                   "clipboard-write",
                                                                   "cross-origin-isolated",
                                                                   "display-capture",
                                                                   "encrypted-media",
                                                                   "fullscreen",
                                                                   "gamepad",
                                                                   "geolocation",
                                                                   "gyroscope",
                                                                   "hid",
                                                                   "identity-credentials-get",
                                                                   "idle-detection",
                                                                   "keyboard-map",
                                                                   "magnetometer",
                                                                   "microphone",
                                                                   "midi",
                                                                   "otp-credentials",
                                                                   "payment",
                                                                   "picture-in-picture",
                                                                   "publickey-credentials-get",
                                                                   "screen-wake-lock",
                                                                   "serial",
                                                                   "storage-access",
                                                                   "usb",
                                                                   "window-management",
                                                                   "xr-spatial-tracking"};

struct Permission {
  std::string_view feature;
  std::string_view allowed;  ///< `(self "https://maps.example")`
};

/// Cuts the first `feature=(…)` off the front of `rest`.
constexpr Permission next_permission(std::string_view& rest) noexcept {
  std::string_view allowed = cut(rest, ',');
  const std::string_view feature = cut(allowed, '=');
  return {feature, allowed};
}

constexpr std::optional<PolicyFault> check_permission(const Permission& permission) {
  const std::string_view feature = permission.feature;
  std::string_view rest = permission.allowed;
  if (!is_one_of(feature, browser_features))
    return policy_fault("PERM-001: no feature that is off by default", feature);
  if (rest.find('*') != rest.npos)
    return policy_fault("PERM-002: never for everybody: (self) or exact origins", feature);
  if (rest.size() < 2 || rest.front() != '(' || rest.back() != ')') {
    return policy_fault("PERM-001: write camera=(self), several divided by ', '", feature);
  }
  for (rest = rest.substr(1, rest.size() - 2); !rest.empty();) {
    const std::string_view word = cut(rest, ' ');
    if (word.empty() || word == "self") continue;
    const bool quoted = word.size() > 2 && word.front() == '"' && word.back() == '"';
    if (!quoted || !exact_https_origin(word.substr(1, word.size() - 2))) {
      return policy_fault("PERM-001: who may is self, or an origin in double quotes: \"https://maps.example\"",
                          feature);
    }
  }
  return {};
}

/// Whether `text` is `camera=(self), geolocation=(self "https://maps.example")`. Never an empty text.
constexpr std::optional<PolicyFault> check_permissions(std::string_view text) {
  if (text.empty() || text.size() > 4096) return policy_fault("PERM-001: name features, in 4096 characters at most");
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view earlier = text.substr(0, text.size() - rest.size());
    const Permission permission = next_permission(rest);
    if (auto fault = check_permission(permission)) return fault;
    for (std::string_view other = earlier; !other.empty();) {
      if (next_permission(other).feature == permission.feature) {
        return policy_fault("PERM-001: a feature is named once", permission.feature);
      }
    }
  }
  return {};
}

}  // namespace detail

/// Features that pages may use: `sp::permissions{"camera=(self), geolocation=(self \"https://maps.example\")"}`. The others stay off: the
/// nearest of route, router, app and settings that names a feature decides about it. Errors: PERM-001, PERM-002.
class permissions {
 public:
  using is_route_option = void;
  using is_header_option = void;
  template <std::size_t N>
  consteval explicit permissions(const char (&features)[N]) : text_(features) {
    static_cast<void>(detail::check_permissions(text_.view()));
  }
  template <detail::NotALiteral<permissions> Argument>
  __attribute__((
      unavailable("LIT-001: this is a \"literal\", so that a reviewer sees it: "
                  "sp::permissions{\"camera=(self)\"}"))) explicit permissions(Argument&&);  // NOLINT
  void apply(detail::HeaderOptions& options) const {
    options.permissions.insert(options.permissions.begin(), text_.view());
  }

 private:
  detail::LiteralText text_;
};

}  // namespace sallyport
