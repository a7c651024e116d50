// Strict reading, canonical writing and comparing of IP addresses and CIDR blocks.
#include "base/ip_range.hpp"

#include <algorithm>
#include <charconv>

#include "base/character_class.hpp"

namespace sallyport::base {
namespace {

/// A decimal number without sign or leading zeros, at most `max`.
std::optional<unsigned> parse_decimal(std::string_view text, unsigned max) noexcept {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value <= max ? std::optional{value} : std::nullopt;
}

std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) noexcept {
  std::array<std::uint8_t, 4> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return std::nullopt;
    const auto octet = parse_decimal(text.substr(0, dot), 255);
    if (!octet) return std::nullopt;
    octets[i] = static_cast<std::uint8_t>(*octet);
    if (i < 3) text.remove_prefix(dot + 1);
  }
  return octets;
}

std::optional<unsigned> parse_group(std::string_view text) noexcept {
  if (text.empty() || text.size() > 4) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// RFC 4291 section 2.2: eight groups, one `::` for a run of zero groups, the last two groups possibly as IPv4.
std::optional<std::array<std::uint8_t, 16>> parse_v6(std::string_view text) noexcept {
  constexpr std::size_t no_gap = 99;
  std::array<std::uint8_t, 16> bytes{};
  std::size_t used = 0;
  std::size_t gap = no_gap;  // where the zeros of "::" go

  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (part.find('.') != std::string_view::npos) {
      const auto octets = parse_v4(part);
      if (!octets || colon != std::string_view::npos || used > 12) return std::nullopt;
      std::copy(octets->begin(), octets->end(), bytes.begin() + static_cast<std::ptrdiff_t>(used));
      used += 4;
      break;
    }
    const auto group = parse_group(part);
    if (!group || used > 14) return std::nullopt;
    bytes[used++] = static_cast<std::uint8_t>(*group >> 8);
    bytes[used++] = static_cast<std::uint8_t>(*group & 0xff);
    if (colon == std::string_view::npos) break;
    text.remove_prefix(colon + 1);
    if (text.empty()) return std::nullopt;  // "1:"
    if (text.front() == ':') {
      if (gap != no_gap) return std::nullopt;
      gap = used;
      text.remove_prefix(1);
    }
  }
  if (gap == no_gap) return used == 16 ? std::optional{bytes} : std::nullopt;
  if (used == 16) return std::nullopt;  // "::" stands for one group at least
  const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(gap);
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(used);
  std::fill(from, std::move_backward(from, end, bytes.end()), std::uint8_t{0});
  return bytes;
}

/// The same first `bits` bits.
bool same_prefix(const IpAddress& a, const IpAddress& b, unsigned bits) noexcept {
  const std::size_t whole = bits / 8;
  if (!std::equal(a.bytes().begin(), a.bytes().begin() + static_cast<std::ptrdiff_t>(whole), b.bytes().begin())) {
    return false;
  }
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const unsigned mask = 0xff00U >> rest;
  return ((a.bytes()[whole] ^ b.bytes()[whole]) & mask & 0xffU) == 0;
}

/// Length of the prefix in the 128 bits that an address is stored in.
unsigned stored_prefix(const IpAddress& first, unsigned prefix) noexcept {
  return first.is_v4() ? prefix + 96 : prefix;
}

bool has_host_bits(const IpAddress& first, unsigned bits) noexcept {
  for (unsigned i = bits; i < 128; ++i) {
    if ((first.bytes()[i / 8] & (0x80U >> (i % 8))) != 0) return true;
  }
  return false;
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) noexcept {
  if (text.find(':') != std::string_view::npos) {
    const auto bytes = parse_v6(text);
    return bytes ? std::optional{v6(*bytes)} : std::nullopt;
  }
  const auto octets = parse_v4(text);
  if (!octets) return std::nullopt;
  return v4((*octets)[0], (*octets)[1], (*octets)[2], (*octets)[3]);
}

std::string IpAddress::text() const {
  std::string out;
  if (is_v4()) {
    for (std::size_t i = 12; i < 16; ++i) {
      if (i > 12) out += '.';
      out += std::to_string(bytes_[i]);
    }
    return out;
  }
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(bytes_[2 * i] << 8 | bytes_[2 * i + 1]);

  // RFC 5952 section 4.2: the longest run of two zero groups or more, the first of equals.
  std::size_t run_start = 8;
  std::size_t run_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > run_length) {
      run_start = i;
      run_length = length;
    }
  }
  for (std::size_t i = 0; i < 8;) {
    if (i == run_start) {
      out += "::";
      i += run_length;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    std::array<char, 4> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
    out.append(digits.data(), end);
    ++i;
  }
  return out;
}

bool IpAddress::is_unspecified() const noexcept { return *this == IpAddress{} || *this == v4(0, 0, 0, 0); }

bool IpAddress::is_loopback() const noexcept {
  constexpr IpAddress one = v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  return is_v4() ? bytes_[12] == 127 : *this == one;
}

bool IpAddress::is_private() const noexcept {
  if (!is_v4()) return (bytes_[0] & 0xfe) == 0xfc;
  return bytes_[12] == 10 || (bytes_[12] == 172 && (bytes_[13] & 0xf0) == 16) ||
         (bytes_[12] == 192 && bytes_[13] == 168);
}

bool IpAddress::is_link_local() const noexcept {
  if (!is_v4()) return bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80;
  return bytes_[12] == 169 && bytes_[13] == 254;
}

std::optional<IpRange> IpRange::parse(std::string_view text, IpRangeError* why) noexcept {
  const auto refuse = [why](IpRangeError reason) -> std::optional<IpRange> {
    if (why != nullptr) *why = reason;
    return std::nullopt;
  };
  const std::size_t slash = text.find('/');
  const std::string_view address_text = text.substr(0, slash);
  const auto address = IpAddress::parse(address_text);
  if (!address) return refuse(IpRangeError::address);
  const unsigned longest = address->is_v4() ? 32 : 128;
  if (slash == std::string_view::npos) return IpRange{*address, longest};

  const bool written_as_v6 = address_text.find(':') != std::string_view::npos;
  if (address->is_v4() && written_as_v6) return refuse(IpRangeError::mapped);
  const auto prefix = parse_decimal(text.substr(slash + 1), longest);
  if (!prefix) return refuse(IpRangeError::prefix);
  if (has_host_bits(*address, stored_prefix(*address, *prefix))) return refuse(IpRangeError::host_bits);
  return IpRange{*address, *prefix};
}

bool IpRange::contains(const IpAddress& address) const noexcept {
  return address.is_v4() == first_.is_v4() && same_prefix(first_, address, stored_prefix(first_, prefix_));
}

bool IpRange::contains(const IpRange& other) const noexcept {
  return prefix_ <= other.prefix_ && contains(other.first_);
}

std::string IpRange::text() const { return first_.text() + '/' + std::to_string(prefix_); }

bool IpRange::is_public() const noexcept {
  constexpr auto block = [](std::uint8_t a, std::uint8_t b) { return IpAddress::v6({a, b}); };
  constexpr IpAddress loopback = IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  constexpr std::array<IpRange, 9> inside{
      IpRange{IpAddress::v4(127, 0, 0, 0), 8},
      IpRange{IpAddress::v4(10, 0, 0, 0), 8},
      IpRange{IpAddress::v4(172, 16, 0, 0), 12},
      IpRange{IpAddress::v4(192, 168, 0, 0), 16},
      IpRange{IpAddress::v4(100, 64, 0, 0), 10},
      IpRange{IpAddress::v4(169, 254, 0, 0), 16},
      IpRange{loopback, 128},
      IpRange{block(0xfc, 0), 7},
      IpRange{block(0xfe, 0x80), 10},
  };
  return std::none_of(inside.begin(), inside.end(), [this](const IpRange& range) { return range.contains(*this); });
}

}  // namespace sallyport::base
