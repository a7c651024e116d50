// Escaping text into JSON. Runs of plain ASCII are found and copied sixteen bytes at a time.
#include "base/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/plain_run.hpp"
#include "base/utf8.hpp"

namespace sallyport::base {
namespace {

/// What has to be looked at: whatever one of the two kinds escapes, and all that is not ASCII. For blocks, and for single bytes.
struct NotPlain {
  template <class Bytes>
  auto operator()(Bytes bytes) const noexcept {
    // `"` and `&` differ by one bit (0x04), `<` and `>` by another (0x02). What is beyond ASCII is negative.
    return ((bytes & ~0x04) == '"') | ((bytes | 0x02) == '>') | (bytes == '\\') | (bytes == 0x7F) | (bytes < 0x20);
  }
};

// Named here, as g++ forgets the size of a vector that depends on a template's parameter.
struct Sixteen {
  using Bytes = Block;
};
struct Eight {
  using Bytes = signed char __attribute__((vector_size(8)));
};

/// Copies so many bytes and says whether all of them are plain.
template <class Size>
[[gnu::always_inline]] inline bool copy_block(const char* text, char* out) noexcept {
  typename Size::Bytes bytes;
  std::memcpy(&bytes, text, sizeof bytes);
  std::memcpy(out, &bytes, sizeof bytes);
  const auto special = NotPlain()(bytes);
  std::array<std::uint64_t, sizeof bytes / 8> words;
  static_assert(sizeof words == sizeof special);
  std::memcpy(words.data(), &special, sizeof words);
  return (words.front() | words.back()) == 0;
}

/// Copies the run of plain ASCII at the start and returns its length. May write rubbish after the run, within `size` bytes.
std::size_t copy_plain(const char* text, std::size_t size, char* out) noexcept {
  std::size_t i = 0;
  // The end of a text is a block that overlaps what is done.
  if (size >= 16) {
    while (i + 16 <= size && copy_block<Sixteen>(text + i, out + i)) i += 16;
    if (i + 16 > size && copy_block<Sixteen>(text + size - 16, out + size - 16)) return size;
  } else if (size >= 8) {
    if (copy_block<Eight>(text, out) && copy_block<Eight>(text + size - 8, out + size - 8)) return size;
  }
  for (; i < size && !NotPlain()(static_cast<signed char>(text[i])); ++i) out[i] = text[i];
  return i;
}

bool is_escaped(char32_t c, JsonEscapes escapes) noexcept {
  if (c < 0x20 || c == '"' || c == '\\' || c == 0x2028 || c == 0x2029) return true;
  if (escapes == JsonEscapes::page) return c == '<' || c == '>' || c == '&';
  return (c >= 0x7F && c <= 0x9F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// What is written instead of a code point, and how much that is. None beyond U+FFFF is escaped.
std::size_t write_instead(const CodePoint& point, std::array<char, 6>& out) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  if (!point.valid) {
    out = {'\xEF', '\xBF', '\xBD'};  // U+FFFD
    return 3;
  }
  const auto c = static_cast<unsigned>(point.value);
  constexpr std::string_view named = "\"\\\n\r\t";
  constexpr std::string_view names = "\"\\nrt";
  const std::size_t at = c < 0x80 ? named.find(static_cast<char>(c)) : named.npos;
  if (at != named.npos) {
    out = {'\\', names[at]};
    return 2;
  }
  out = {'\\', 'u', digits[c >> 12], digits[c >> 8 & 15], digits[c >> 4 & 15], digits[c & 15]};
  return 6;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, JsonEscapes escapes) {
  out.push_back('"');
  std::size_t copied = 0;
  std::size_t at = 0;
  while ((at = end_of_plain(text, at, NotPlain())) < text.size()) {
    const CodePoint next = first_code_point(text.substr(at));
    if (!next.valid || is_escaped(next.value, escapes)) {
      out.append(text, copied, at - copied);
      std::array<char, 6> instead;
      out.append(instead.data(), write_instead(next, instead));
      copied = at + next.length;
    }
    at += next.length;
  }
  out.append(text, copied);
  out.push_back('"');
}

EscapedJson escape_json_line(std::string_view text, std::span<char> out) noexcept {
  EscapedJson done{0, 0};
  for (;;) {
    const std::size_t fits = std::min(text.size() - done.read, out.size() - done.written);
    const std::size_t run = copy_plain(text.data() + done.read, fits, out.data() + done.written);
    done.read += run;
    done.written += run;
    if (run == fits) return done;

    const std::string_view rest = text.substr(done.read);
    const CodePoint next = first_code_point(rest);
    std::array<char, 6> instead;
    std::size_t size = next.length;
    if (next.valid && !is_escaped(next.value, JsonEscapes::line)) {
      rest.copy(instead.data(), size);
    } else {
      size = write_instead(next, instead);
    }
    if (size > out.size() - done.written) return done;
    std::memcpy(out.data() + done.written, instead.data(), size);
    done.read += next.length;
    done.written += size;
  }
}

}  // namespace sallyport::base
