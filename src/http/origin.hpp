// A web origin as configuration writes it: exactly the bytes that a browser sends as `Origin`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::http {

/// An origin's parts; views into the text it was read from.
struct Origin {
  bool https = false;
  std::string_view authority;  ///< `notes.example` or `localhost:8080`: what such a browser sends as `Host`
};

/// Reads a serialised origin (RFC 6454 section 6.2) in its one canonical form: `http` or `https`, a lower-case host, a port
/// only when it is not the scheme's own, nothing after it. Anything else is refused, not repaired.
[[nodiscard]] std::optional<Origin> parse_origin(std::string_view text);

/// Whether the text is a canonical host, with or without a port: DNS labels in lower case (RFC 1123), an IPv4 address, or an
/// IPv6 address in brackets as RFC 5952 writes it.
[[nodiscard]] bool is_authority(std::string_view text);

/// Whether two authorities are one to a client of this scheme: an empty port is the scheme's own, and saying that changes nothing (RFC
/// 9110 4.2.3), nor does the dot that ends a fully qualified name, nor upper case.
[[nodiscard]] bool same_authority(bool https, std::string_view a, std::string_view b) noexcept;

/// `http://localhost:8080`; the scheme's own port is left out.
[[nodiscard]] std::string make_origin(bool https, std::string_view host, std::uint16_t port);

}  // namespace sallyport::http
