// Reads addresses of other servers, in one spelling.
#include <sallyport/public_url.hpp>

#include "base/character_class.hpp"
#include "base/ip_range.hpp"
#include "base/public_address.hpp"

#include <algorithm>
#include <array>

namespace sallyport {
namespace {

// Letters in lower case, digits, hyphens: other spellings of a name are for programs that repair (RFC 1123 2.1). At least two labels, and
// the last one no number: browsers and libraries read `2130706433`, `0x7f.1` and `127.1` as addresses.
bool is_name(std::string_view host) noexcept {
  if (host.empty() || host.size() > 253) return false;
  std::size_t labels = 0;
  for (;;) {
    const std::size_t dot = host.find('.');
    const std::string_view label = host.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label) {
      if (!((c >= 'a' && c <= 'z') || base::is_digit(c) || c == '-')) return false;
    }
    ++labels;
    if (dot == host.npos) return labels >= 2 && !base::is_digit(label.front());
    host.remove_prefix(dot + 1);
  }
}

// An address in its canonical text, and nothing that only looks like one.
std::optional<base::IpAddress> address_of(std::string_view host) {
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  const std::string_view text = bracketed ? host.substr(1, host.size() - 2) : host;
  auto address = base::IpAddress::parse(text);
  if (!address || address->text() != text || address->is_v4() == bracketed) return std::nullopt;
  return address;
}

bool is_port(std::string_view text, std::uint16_t& port) noexcept {
  struct Port {
    std::string_view text;
    std::uint16_t number;
  };
  constexpr std::array<Port, 4> allowed{{{"80", 80}, {"443", 443}, {"8080", 8080}, {"8443", 8443}}};
  const auto found = std::find_if(allowed.begin(), allowed.end(), [&](const Port& each) { return each.text == text; });
  if (found == allowed.end()) return false;
  port = found->number;
  return true;
}

}  // namespace

std::string_view PublicUrl::host() const noexcept {
  const std::string_view all = authority();
  if (all.starts_with('[')) return all.substr(1, all.find(']') - 1);
  return all.substr(0, all.find(':'));
}

Parsed<PublicUrl> PublicUrl::parse(std::string_view text) {
  if (text.size() > max_length) return InputError::too_long;
  PublicUrl url(text);
  const bool https = text.starts_with("https://");
  if (!https && !text.starts_with("http://")) return InputError::format;
  url.authority_begin_ = https ? 8 : 7;
  const std::string_view rest = text.substr(url.authority_begin_);
  url.authority_size_ = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, url.authority_size_);
  const std::string_view target = rest.substr(url.authority_size_);
  if (target.starts_with('?')) return InputError::format;  // the path is written
  if (base::skip(base::target_class, target.data(), target.data() + target.size()) != target.data() + target.size()) {
    return InputError::format;
  }
  const std::size_t host_end =
      authority.starts_with('[') ? authority.find(']') + 1 : std::min(authority.find(':'), authority.size());
  const std::string_view host = authority.substr(0, host_end);
  if (const auto address = address_of(host)) {
    if (!base::is_public(*address)) return InputError::not_allowed;
  } else if (!is_name(host)) {
    return InputError::format;
  }
  url.port_ = https ? 443 : 80;
  if (host_end != authority.size()) {
    if (authority[host_end] != ':') return InputError::format;
    if (!is_port(authority.substr(host_end + 1), url.port_)) return InputError::not_allowed;
  }
  return url;
}

std::optional<PublicUrl> PublicUrl::from_storage(std::string_view text) {
  auto url = parse(text);
  if (!url) return std::nullopt;
  return *std::move(url);
}

}  // namespace sallyport
