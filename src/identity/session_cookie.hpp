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

/// The most cookies that are looked through; a browser keeps about 180 per site, ours use one.
inline constexpr std::size_t max_cookies = 50;

/// The Set-Cookie value that hands out `value`. No Expires: the cookie goes with the browser's session, its end
/// is the server's matter.
[[nodiscard]] std::string session_cookie(std::string_view value, const ops::SessionSettings& settings);

/// The Set-Cookie value that has the browser drop the cookie.
[[nodiscard]] std::string expired_session_cookie(const ops::SessionSettings& settings);

/// The session cookie's value in a Cookie field (RFC 6265 §4.2.1); empty when there is none. Two of that name
/// count as none, since one of them was planted and nothing tells which (cookie tossing); so do more than
/// `max_cookies` cookies. Names are compared exactly, and only blanks (SP, HTAB) around a pair are dropped:
/// browsers refuse to let others set names that begin with `__Host-`, not names that a more forgiving reader
/// would take for one.
[[nodiscard]] std::string_view session_cookie_of(std::string_view cookie_header) noexcept;

}  // namespace sallyport::identity
