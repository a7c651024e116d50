// What proxies say about a request that they pass on: Forwarded (RFC 7239) and X-Forwarded-For, read from the right.
#pragma once

#include "base/ip_range.hpp"
#include "http/http1_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sallyport::http {

/// The elements of a list field, the last one first; field lines of the same name are one list (RFC 9110 5.3). Each proxy adds
/// to the right end, so nothing that was there before it came, an open quote included, changes how its element reads.
///
/// Empty elements (`a,,b`) are elements: a proxy may have written them for a client. In `Forwarded`, commas inside quotes do
/// not separate. Views into the head, allocates nothing.
class ElementsFromRight {
 public:
  /// Elements further left are not read.
  static constexpr std::size_t max_elements = 50;

  ElementsFromRight(const RequestHead& head, KnownHeader field) noexcept
      : field_(field), lines_(head.has(field) ? head.fields() : std::span<const HeaderField>{}) {}

  /// The next element to the left without the blanks around it, or nothing when there is none.
  [[nodiscard]] std::optional<std::string_view> next() noexcept;

 private:
  KnownHeader field_;
  std::span<const HeaderField> lines_;  // not yet looked at
  std::string_view line_;               // what is left of the current one
  bool in_line_ = false;
  std::size_t count_ = 0;
};

/// One element: the address from which a proxy received the request.
struct Hop {
  enum class Kind : std::uint8_t {
    address,
    hidden,  ///< `unknown`, an obfuscated name, or nothing said
    malformed,
  };
  Kind kind = Kind::malformed;
  base::IpAddress address = {};  ///< with `Kind::address`
  std::string_view proto = {};   ///< of `Forwarded`, like `host`: as sent; empty when not said
  std::string_view host = {};
};

/// An element of `Forwarded`: `for="[2001:db8::1]:4711";proto=https`. Parameters occur once each; IPv6 is in quotes and
/// brackets, as RFC 7239 section 6 has it. A quoted pair (`\"`) is malformed: it would read otherwise from the right than from
/// the left, and nothing that may stand in these values needs one.
[[nodiscard]] Hop read_forwarded(std::string_view element) noexcept;

/// An element of `X-Forwarded-For` as proxies send them: an address, with a port or without, IPv6 in brackets or (then without
/// a port) bare.
[[nodiscard]] Hop read_x_forwarded_for(std::string_view element) noexcept;

}  // namespace sallyport::http
