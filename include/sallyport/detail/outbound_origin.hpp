// What an origin of another service may be, checked while compiling.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// The parts of an origin that has passed `is_outbound_origin`.
struct OutboundOrigin {
  bool https = false;
  std::string_view authority;  ///< what the Host field says
  std::string_view host;       ///< without the brackets of an IPv6 address
  unsigned port = 0;
};

/// Splits `https://host`, `https://host:8443`, `http://[::1]:9000`. Only for what has passed.
[[nodiscard]] constexpr OutboundOrigin split_outbound_origin(std::string_view origin) noexcept {
  OutboundOrigin parts;
  parts.https = origin.starts_with("https://");
  parts.authority = origin.substr(parts.https ? 8 : 7);
  const bool bracketed = parts.authority.starts_with('[');
  const std::size_t host_end = bracketed ? parts.authority.find(']') + 1 : parts.authority.find(':');
  parts.host = bracketed ? parts.authority.substr(1, host_end - 2) : parts.authority.substr(0, host_end);
  parts.port = parts.https ? 443 : 80;
  if (host_end >= parts.authority.size()) return parts;
  parts.port = 0;
  for (const char digit : parts.authority.substr(host_end + 1))
    parts.port = parts.port * 10 + static_cast<unsigned>(digit - '0');
  return parts;
}

/// Whether `text` is an origin in its one canonical form: `https`, a host in lower case, a port where it is not 443; `http` only for this machine.
[[nodiscard]] constexpr bool is_outbound_origin(std::string_view text) noexcept {
  const bool https = text.starts_with("https://");
  if (!https && !text.starts_with("http://")) return false;
  const std::string_view authority = text.substr(https ? 8 : 7);
  std::size_t host_end = 0;
  if (authority.starts_with('[')) {
    while (host_end < authority.size() && authority[host_end] != ']') {
      const char c = authority[host_end++];
      const bool part = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '[';
      if (!part || (c == '[' && host_end != 1)) return false;
    }
    if (host_end < 3 || host_end == authority.size()) return false;
    ++host_end;
  } else {
    std::size_t label = 0;
    char last = '.';
    for (; host_end < authority.size() && authority[host_end] != ':'; ++host_end) {
      const char c = authority[host_end];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (c == '.') {
        if (label == 0 || last == '-') return false;
        label = 0;
      } else if (!letter && !(c == '-' && label != 0)) {
        return false;
      } else if (++label > 63) {
        return false;
      }
      last = c;
    }
    if (label == 0 || last == '-' || host_end > 253) return false;
  }
  const std::string_view host = authority.substr(0, host_end);
  if (!https && host != "localhost" && host != "127.0.0.1" && host != "[::1]") return false;
  if (host_end == authority.size()) return true;
  const std::string_view port = authority.substr(host_end + 1);
  if (authority[host_end] != ':' || port.empty() || port.size() > 5 || port.front() == '0') return false;
  unsigned number = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  return number <= 65535 && number != (https ? 443U : 80U);
}

/// Whether an application may set a field of its calls: a token, and none that the client writes itself or that frames a message.
[[nodiscard]] constexpr bool is_outbound_field(std::string_view name) noexcept {
  if (name.empty() || name.size() > 64) return false;
  char lower[64]{};
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool token =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!token) return false;
    lower[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view wanted(lower, name.size());
  constexpr std::string_view own[] = {
      "host",       "content-length",  "transfer-encoding", "connection",    "keep-alive",
      "te",         "trailer",         "upgrade",           "expect",        "content-type",
      "user-agent", "accept-encoding", "content-encoding",  "authorization", "traceparent",
      "tracestate", "cookie",          "http2-settings",    "forwarded",     "via",
      "range",      "proxy-connection"};
  for (const std::string_view each : own) {
    if (wanted == each) return false;
  }
  return !wanted.starts_with("proxy-") && !wanted.starts_with("x-forwarded-");
}

}  // namespace sallyport::detail
