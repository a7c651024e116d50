// IP addresses in one canonical form, and ranges of them as configuration and the gate compare them.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::base {

/// An IPv4 or IPv6 address. IPv4 is stored as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2), so `::ffff:192.0.2.1`
/// and `192.0.2.1` are one value: no check can be passed by writing an address the other way.
class IpAddress {
 public:
  /// The unspecified IPv6 address, `::`.
  constexpr IpAddress() noexcept = default;

  static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept {
    IpAddress address;
    address.bytes_ = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d};
    return address;
  }
  static constexpr IpAddress v6(const std::array<std::uint8_t, 16>& bytes) noexcept {
    IpAddress address;
    address.bytes_ = bytes;
    return address;
  }

  /// Reads `192.0.2.1` or any RFC 4291 text form of IPv6. No leading zeros in IPv4 (some read them as octal), no
  /// zone id, no brackets, no white space.
  static std::optional<IpAddress> parse(std::string_view text) noexcept;

  /// The canonical text: dotted IPv4, or RFC 5952 (lower case, longest run of zeros shortened).
  [[nodiscard]] std::string text() const;

  [[nodiscard]] constexpr const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  [[nodiscard]] constexpr bool is_v4() const noexcept {
    for (std::size_t i = 0; i < 10; ++i) {
      if (bytes_[i] != 0) return false;
    }
    return bytes_[10] == 0xff && bytes_[11] == 0xff;
  }
  /// `0.0.0.0` or `::`: a listener on it listens on every interface.
  [[nodiscard]] bool is_unspecified() const noexcept;
  /// 127.0.0.0/8 or ::1.
  [[nodiscard]] bool is_loopback() const noexcept;
  /// RFC 1918, and unique local IPv6 (RFC 4193).
  [[nodiscard]] bool is_private() const noexcept;
  /// 169.254.0.0/16 (where clouds keep their metadata service) or fe80::/10.
  [[nodiscard]] bool is_link_local() const noexcept;

  /// What counts as one client: an IPv4 address as it is; of IPv6 the /56 that a provider hands to one customer, the
  /// rest zeroed, because a customer has 2^72 addresses to change between.
  [[nodiscard]] constexpr IpAddress client_prefix() const noexcept {
    if (is_v4()) return *this;
    IpAddress prefix = *this;
    for (std::size_t i = 7; i < prefix.bytes_.size(); ++i) prefix.bytes_[i] = 0;
    return prefix;
  }

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) noexcept = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// Why a range was refused.
enum class IpRangeError : std::uint8_t {
  address,    // not an address
  prefix,     // not a whole number without leading zeros, or longer than the address
  host_bits,  // 10.0.0.1/8: the address has bits that the prefix says are free
  mapped,     // ::ffff:10.0.0.0/8: 8 of which address? (this ambiguity has made proxies trust any client)
};

/// A block of addresses in CIDR form (RFC 4632, RFC 4291 section 2.3).
class IpRange {
 public:
  /// Reads `10.0.0.0/8`, `2001:db8::/32`, or one address. Stores the reason in `why` when refused.
  static std::optional<IpRange> parse(std::string_view text, IpRangeError* why = nullptr) noexcept;

  /// Whether the address is in the block. An IPv6 block never contains an IPv4 address, not even `::/0`.
  [[nodiscard]] bool contains(const IpAddress& address) const noexcept;
  /// Whether every address of the other block is in this one.
  [[nodiscard]] bool contains(const IpRange& other) const noexcept;

  [[nodiscard]] const IpAddress& first() const noexcept { return first_; }
  /// Length of the prefix within its own family: 0–32 or 0–128.
  [[nodiscard]] unsigned prefix() const noexcept { return prefix_; }
  /// `10.0.0.0/8`
  [[nodiscard]] std::string text() const;

  /// Exactly one address.
  [[nodiscard]] bool is_single() const noexcept { return prefix_ == (first_.is_v4() ? 32U : 128U); }
  /// Some address of the block is a public address on the Internet: it does not lie inside loopback, RFC 1918,
  /// RFC 6598 (carrier NAT), link-local or unique-local space.
  [[nodiscard]] bool is_public() const noexcept;

  friend bool operator==(const IpRange&, const IpRange&) noexcept = default;

 private:
  constexpr IpRange(const IpAddress& first, unsigned prefix) noexcept
      : first_(first), prefix_(static_cast<std::uint8_t>(prefix)) {}

  IpAddress first_;
  std::uint8_t prefix_ = 0;
};

}  // namespace sallyport::base
