// Finding a cookie among those that a request brings.
#pragma once

#include <string_view>

namespace sallyport::http {

/// The value of the cookie `name` in a Cookie field (RFC 6265 4.2.1); empty when there is none. Two of that name
/// count as none, since one of them was planted and nothing tells which (cookie tossing). Their number is bounded
/// by the size of a head alone: a browser sends all that a site has set, 180 and more. Names are compared exactly, and only blanks (SP, HTAB) around a pair are dropped:
/// browsers refuse to let others set names that begin with `__Host-`, not names that a more forgiving reader
/// would take for one.
[[nodiscard]] std::string_view cookie_value(std::string_view field, std::string_view name) noexcept;

}  // namespace sallyport::http
