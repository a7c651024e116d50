// The session cookie: its name, its attributes, and how it is found among the others.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ops/settings.hpp"

namespace sallyport::identity {

/// `__Host-`: a browser takes it over a secure connection only, for this host alone and every path, so that no
/// sibling domain can plant one. `Http-`: nor can a script (draft-ietf-httpbis-rfc6265bis,
/// draft-ietf-httpbis-layered-cookies).
inline constexpr std::string_view session_cookie_name = "__Host-Http-session";

/// The Set-Cookie value that hands out `value`. No Expires: the browser drops the cookie when it closes; the server
/// decides when the session ends.
[[nodiscard]] std::string session_cookie(std::string_view value, const ops::SessionSettings& settings);

/// The Set-Cookie value that has the browser drop the cookie.
[[nodiscard]] std::string expired_session_cookie(const ops::SessionSettings& settings);

/// The session cookie's value in a Cookie field; empty when there is none, or two (see content/cookie.hpp).
[[nodiscard]] std::string_view session_cookie_of(std::string_view cookie_header) noexcept;

}  // namespace sallyport::identity
