// Section 2.2 of the PROXY protocol's specification, byte by byte.
#include "net/proxy_protocol.hpp"

#include <algorithm>
#include <array>

namespace sallyport::net {
namespace {

constexpr std::string_view signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t fixed_size = 16;  // signature, version and command, family and transport, length
constexpr std::size_t longest_rest = ProxyHeader::max_size - fixed_size;

constexpr unsigned local_command = 0x20;  // with the version in the upper half
constexpr unsigned proxy_command = 0x21;
constexpr unsigned unspecified = 0x00;
constexpr unsigned tcp4 = 0x11;
constexpr unsigned tcp6 = 0x21;
constexpr unsigned crc32c_type = 0x03;  // PP2_TYPE_CRC32C
constexpr std::size_t crc_size = 4;

unsigned byte_at(std::string_view bytes, std::size_t i) noexcept { return static_cast<unsigned char>(bytes[i]); }
unsigned number_at(std::string_view bytes, std::size_t i) noexcept {
  return byte_at(bytes, i) << 8 | byte_at(bytes, i + 1);
}

ProxyHeader fail(std::string_view rule) noexcept { return {.state = ProxyHeader::State::error, .rule = rule}; }

// RFC 3720 12.1, over the whole header with the checksum's own four bytes as zeros (2.2.3). A bit at a time: a thousand bytes
// once per connection, if at all.
std::uint32_t crc32c(std::string_view header, std::size_t checksum_at) noexcept {
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = 0; i < header.size(); ++i) {
    crc ^= i >= checksum_at && i < checksum_at + crc_size ? 0U : byte_at(header, i);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

// The rule that the values from `at` to the end of the header break, or nothing.
std::string_view check_values(std::string_view header, std::size_t at) noexcept {
  while (at != header.size()) {
    if (header.size() - at < 3) return "proxy/tlv";
    const std::size_t size = number_at(header, at + 1);
    const std::size_t value = at + 3;
    if (header.size() - value < size) return "proxy/tlv";
    if (byte_at(header, at) == crc32c_type) {
      if (size != crc_size) return "proxy/checksum";
      const std::uint32_t sent = number_at(header, value) << 16 | number_at(header, value + 2);
      if (sent != crc32c(header, value)) return "proxy/checksum";
    }
    at = value + size;
  }
  return {};
}

base::IpAddress address_at(std::string_view header, std::size_t i, bool v6) noexcept {
  const auto byte = [&](std::size_t offset) { return static_cast<std::uint8_t>(header[i + offset]); };
  if (!v6) return base::IpAddress::v4(byte(0), byte(1), byte(2), byte(3));
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t offset = 0; offset < bytes.size(); ++offset) bytes[offset] = byte(offset);
  return base::IpAddress::v6(bytes);
}

}  // namespace

ProxyHeader read_proxy_header(std::string_view bytes) noexcept {
  if (!signature.starts_with(bytes.substr(0, signature.size()))) return fail("proxy/signature");
  if (bytes.size() <= 12) return {};
  const unsigned command = byte_at(bytes, 12);
  if (command != local_command && command != proxy_command) return fail("proxy/version");
  const bool local = command == local_command;
  if (bytes.size() <= 13) return {};
  const unsigned family = byte_at(bytes, 13);
  if (!local && family != unspecified && family != tcp4 && family != tcp6) return fail("proxy/family");
  if (bytes.size() < fixed_size) return {};

  const std::size_t rest = number_at(bytes, 14);
  if (rest > longest_rest) return fail("proxy/too_long");
  // LOCAL: the rest is to be discarded, family included. Unspecified: the size of its addresses is unknown.
  const bool named = !local && family != unspecified;
  const std::size_t address_size = family == tcp6 ? 16 : 4;
  const std::size_t addresses = 2 * address_size + 4;  // source and destination, their ports
  if (named && rest < addresses) return fail("proxy/too_short");
  if (bytes.size() < fixed_size + rest) return {};

  const std::string_view header = bytes.substr(0, fixed_size + rest);
  ProxyHeader result{.state = ProxyHeader::State::complete, .consumed = header.size(), .local = local};
  if (!named) return result;
  if (const auto broken = check_values(header, fixed_size + addresses); !broken.empty()) return fail(broken);
  result.source = address_at(header, fixed_size, family == tcp6);
  result.source_port = static_cast<std::uint16_t>(number_at(header, fixed_size + 2 * address_size));
  return result;
}

}  // namespace sallyport::net
