// Escaping of text for HTML, one function for text and for double-quoted attribute values.
#include "html/escape.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sallyport::markup {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// Bytes that can't be copied unseen: `& < > " '`, controls, DEL and everything beyond ASCII.
constexpr bool is_special(unsigned char c) noexcept {
  return c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c >= 0x7f ||
         (c < 0x20 && c != '\t' && c != '\n' && c != '\r');
}

constexpr std::array<bool, 256> special_table = [] {
  std::array<bool, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = is_special(static_cast<unsigned char>(i));
  return table;
}();

constexpr unsigned char byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
}

/// A word with `byte` in every place.
constexpr std::uint64_t every(unsigned char byte) noexcept { return 0x0101010101010101u * byte; }

/// Whether one of the eight bytes is special, or white space below 0x20. A borrow only reaches bytes above one that counts,
/// so the answer for the whole word is exact ("Bit Twiddling Hacks": determine if a word has a byte less than n).
constexpr bool may_hold_special(std::uint64_t word) noexcept {
  const auto below = [](std::uint64_t w, unsigned char n) { return (w - every(n)) & ~w; };
  const std::uint64_t found = below(word, 0x20) | below(word ^ every('&'), 1) | below(word ^ every('<'), 1) |
                              below(word ^ every('>'), 1) | below(word ^ every('"'), 1) | below(word ^ every('\''), 1) |
                              below(word ^ every(0x7f), 1) | word;
  return (found & every(0x80)) != 0;
}

/// The first special byte at or after `i`.
std::size_t find_special(std::string_view text, std::size_t i) noexcept {
  while (true) {
    for (; text.size() - i >= sizeof(std::uint64_t); i += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, text.data() + i, sizeof word);
      if (may_hold_special(word)) break;
    }
    const std::size_t end = std::min(text.size(), i + sizeof(std::uint64_t));
    while (i < end && !special_table[byte_at(text, i)]) ++i;
    if (i < end || i == text.size()) return i;
  }
}

struct Sequence {
  std::size_t size;  // bytes to consume, at least 1
  bool valid;
};

/// The UTF-8 sequence at `i`, where a byte of 0x80 or above stands. Of an invalid one, the longest part that could have
/// begun a valid one (Unicode 15, section 3.9, "substitution of maximal subparts"; browsers do the same).
Sequence sequence_at(std::string_view text, std::size_t i) noexcept {
  const unsigned char lead = byte_at(text, i);
  std::size_t length = 0;
  unsigned char low = 0x80;  // bounds of the second byte: no overlong forms, no surrogates, no more than U+10FFFF
  unsigned char high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t k = 1; k < length; ++k) {
    if (i + k == text.size() || byte_at(text, i + k) < low || byte_at(text, i + k) > high) return {k, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  std::size_t copied = 0;
  std::size_t i = find_special(text, 0);
  while (i < text.size()) {
    const unsigned char c = byte_at(text, i);
    std::string_view written = replacement;
    std::size_t read = 1;
    switch (c) {
      case '&':
        written = "&amp;";
        break;
      case '<':
        written = "&lt;";
        break;
      case '>':
        written = "&gt;";
        break;
      case '"':
        written = "&#34;";
        break;
      case '\'':
        written = "&#39;";
        break;
      default:
        if (c >= 0x80) {
          const Sequence sequence = sequence_at(text, i);
          read = sequence.size;
          const bool c1_control = c == 0xC2 && sequence.valid && byte_at(text, i + 1) < 0xA0;
          if (sequence.valid && !c1_control) {
            i = find_special(text, i + read);  // goes out with the run it stands in
            continue;
          }
        }
    }
    out.append(text, copied, i - copied).append(written);
    copied = i + read;
    i = find_special(text, copied);
  }
  out.append(text, copied);
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    if (byte_at(text, i) < 0x80) {
      ++i;
      continue;
    }
    const Sequence sequence = sequence_at(text, i);
    if (!sequence.valid) return false;
    i += sequence.size;
  }
  return true;
}

}  // namespace sallyport::markup
