// Which bytes the HTTP/1.1 grammar allows where, as one table.
#pragma once

#include <sallyport/detail/ascii.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sallyport::base {

/// Bits of `character_classes`.
enum CharacterClass : std::uint8_t {
  token_class = 1,   ///< tchar, RFC 9110 5.6.2: methods and field names
  value_class = 2,   ///< HTAB, SP, VCHAR, obs-text: field values (RFC 9110 5.5)
  target_class = 4,  ///< visible ASCII except `#` (RFC 9112 3.2) and what no URI has (RFC 3986 2): see `no_uri_marks`
  host_class = 8,    ///< letters, digits, `-`, `.`, `_`: what DNS and certificates can name
  query_class = 16,  ///< `target_class` and `raw_query_marks`: what a target may have behind its `?`
};

/// Printable characters that a URI has in escaped form only. The brackets are not among them, although RFC 3986 keeps them for IP
/// literals: browsers send them as they stand in `?tag[]=a`.
inline constexpr std::string_view no_uri_marks = "\"<>\\^`{|}";

/// Those of them that browsers send as they stand, in queries only (URL standard, query percent-encode set).
inline constexpr std::string_view raw_query_marks = "\\^`{|}";

namespace detail {
consteval std::array<std::uint8_t, 256> make_character_classes() {
  constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";
  constexpr std::string_view host_marks = "-._";
  std::array<std::uint8_t, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    const char c = static_cast<char>(byte);
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    unsigned classes = 0;
    if (alphanumeric || (byte != 0 && token_marks.find(c) != token_marks.npos)) classes |= token_class;
    if (byte == '\t' || (byte >= 0x20 && byte != 0x7F)) classes |= value_class;
    if (byte > 0x20 && byte < 0x7F && c != '#' && no_uri_marks.find(c) == no_uri_marks.npos) classes |= target_class;
    if ((classes & target_class) != 0 || (byte != 0 && raw_query_marks.find(c) != raw_query_marks.npos)) {
      classes |= query_class;
    }
    if (alphanumeric || (byte != 0 && host_marks.find(c) != host_marks.npos)) classes |= host_class;
    table[byte] = static_cast<std::uint8_t>(classes);
  }
  return table;
}
}  // namespace detail

inline constexpr std::array<std::uint8_t, 256> character_classes = detail::make_character_classes();

[[nodiscard]] constexpr bool is_in(CharacterClass wanted, char c) noexcept {
  return (character_classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

/// The first byte in [p, end) outside a class, or `end`.
[[nodiscard]] constexpr const char* skip(CharacterClass wanted, const char* p, const char* end) noexcept {
  while (p != end && is_in(wanted, *p)) ++p;
  return p;
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// OWS, RFC 9110 5.6.3.
[[nodiscard]] constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

[[nodiscard]] constexpr std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// ASCII only, as everywhere in HTTP: no locale.
using sallyport::detail::equal_ignoring_case;
using sallyport::detail::to_lower;

/// 0 to 15, or -1 for what is no hexadecimal digit.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace sallyport::base
