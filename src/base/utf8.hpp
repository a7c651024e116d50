// One code point at a time out of bytes that may not be UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/plain_run.hpp"

namespace sallyport::base {

struct CodePoint {
  char32_t value;      ///< U+FFFD when `valid` is false
  std::size_t length;  ///< bytes to go on by, at least 1: of an invalid sequence, its longest well-formed start
  bool valid;
};

/// The code point at the start of `bytes`, which must not be empty (RFC 3629: no overlong forms, no surrogates, none
/// above U+10FFFF). Replacing each invalid one by U+FFFD is the practice that Unicode recommends (16.0, 3.9, "maximal
/// subpart").
constexpr CodePoint first_code_point(std::string_view bytes) noexcept {
  constexpr char32_t replacement = 0xFFFD;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  if (lead < 0xC2 || lead > 0xF4) return {replacement, 1, false};
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte carries the rules against overlong forms, surrogates and values above U+10FFFF (RFC 3629 §4).
  const unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (bytes.size() < 2 || byte(1) < low || byte(1) > high) return {replacement, 1, false};
  char32_t value = static_cast<char32_t>(lead & (0x7F >> length)) << 6 | (byte(1) & 0x3Fu);
  for (std::size_t i = 2; i < length; ++i) {
    if (bytes.size() <= i || (byte(i) & 0xC0) != 0x80) return {replacement, i, false};
    value = value << 6 | (byte(i) & 0x3Fu);
  }
  return {value, length, true};
}

struct NotAscii {
  Block operator()(Block bytes) const noexcept { return bytes < 0; }
  bool operator()(signed char c) const noexcept { return c < 0; }
};

inline bool valid_utf8(std::string_view bytes) noexcept {
  for (std::size_t at = 0; (at = end_of_plain(bytes, at, NotAscii())) < bytes.size();) {
    const CodePoint next = first_code_point(bytes.substr(at));
    if (!next.valid) return false;
    at += next.length;
  }
  return true;
}

}  // namespace sallyport::base
