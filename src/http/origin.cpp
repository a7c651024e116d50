// Reading and writing origins.
#include "http/origin.hpp"

#include <charconv>

#include "base/character_class.hpp"
#include "base/ip_range.hpp"

namespace sallyport::http {
namespace {

constexpr std::uint16_t default_port(bool https) noexcept { return https ? 443 : 80; }

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  if (!whole || port == 0 || text.front() == '0') return std::nullopt;
  return port;
}

bool is_dns_name(std::string_view name) noexcept {
  if (name.empty() || name.size() > 253) return false;
  std::string_view label;
  while (true) {
    const std::size_t dot = name.find('.');
    label = name.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label) {
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    if (dot == std::string_view::npos) break;
    name.remove_prefix(dot + 1);
  }
  // A browser reads a host that ends in a number as IPv4 (WHATWG URL, "ends in a number checker"), hexadecimal included.
  const bool hexadecimal = label.starts_with("0x");
  return !hexadecimal && label.find_first_not_of("0123456789") != std::string_view::npos;
}

bool is_host(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    const std::string_view inside = host.substr(1, host.size() - 2);
    const auto address = base::IpAddress::parse(inside);
    return address && !address->is_v4() && address->text() == inside;
  }
  return base::IpAddress::parse(host).value_or(base::IpAddress{}).is_v4() || is_dns_name(host);
}

/// Where the port's colon is, if there is one.
std::size_t port_colon(std::string_view authority) noexcept {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  return bracket != std::string_view::npos && colon != std::string_view::npos && colon < bracket
             ? std::string_view::npos
             : colon;
}

struct Authority {
  std::string_view host;
  std::string_view port;  ///< empty: the scheme's own
};

Authority split(bool https, std::string_view authority) noexcept {
  const std::size_t colon = port_colon(authority);
  Authority parts{authority.substr(0, colon),
                  colon == authority.npos ? std::string_view() : authority.substr(colon + 1)};
  if (parts.port == (https ? "443" : "80")) parts.port = {};
  if (parts.host.ends_with('.')) parts.host.remove_suffix(1);
  return parts;
}

}  // namespace

bool same_authority(bool https, std::string_view a, std::string_view b) noexcept {
  const Authority one = split(https, a);
  const Authority other = split(https, b);
  return one.port == other.port && base::equal_ignoring_case(one.host, other.host);
}

bool is_authority(std::string_view text) {
  const std::size_t colon = port_colon(text);
  return is_host(text.substr(0, colon)) && (colon == std::string_view::npos || parse_port(text.substr(colon + 1)));
}

std::optional<Origin> parse_origin(std::string_view text) {
  Origin origin;
  if (text.starts_with("https://")) {
    origin = {true, text.substr(8)};
  } else if (text.starts_with("http://")) {
    origin = {false, text.substr(7)};
  } else {
    return std::nullopt;
  }
  if (!is_authority(origin.authority)) return std::nullopt;
  const std::size_t colon = port_colon(origin.authority);
  const bool says_default_port =
      colon != std::string_view::npos && parse_port(origin.authority.substr(colon + 1)) == default_port(origin.https);
  return says_default_port ? std::nullopt : std::optional{origin};
}

std::string make_origin(bool https, std::string_view host, std::uint16_t port) {
  std::string origin = https ? "https://" : "http://";
  origin += host;
  if (port != default_port(https)) origin += ':' + std::to_string(port);
  return origin;
}

}  // namespace sallyport::http
