// Escaping text into JSON, and putting log lines together.
#include "ops/json_line.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace sallyport::ops {
namespace {

constexpr std::string_view replacement = "\\ufffd";

constexpr bool is_plain(unsigned char c) noexcept { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

template <std::size_t N>
using Block [[gnu::vector_size(N)]] = signed char;

/// Copies N bytes and says whether all of them are plain: as is_plain(), one instruction for all bytes at a time. What is
/// beyond ASCII is negative, so less than a space.
template <std::size_t N>
[[gnu::always_inline]] inline bool copy_block(const char* text, char* out) noexcept {
  Block<N> block;
  std::memcpy(&block, text, N);
  std::memcpy(out, &block, N);
  const auto special = (block < 0x20) | (block == 0x7f) | (block == '"') | (block == '\\');
  std::array<std::uint64_t, N / 8> words;
  static_assert(sizeof words == sizeof special);
  std::memcpy(words.data(), &special, N);
  return (words.front() | words.back()) == 0;
}

/// Copies the run of plain ASCII at the start and returns its length. May write rubbish after the run, within `size` bytes.
std::size_t copy_plain(const char* text, std::size_t size, char* out) noexcept {
  std::size_t i = 0;
  // The end of a text is a block that overlaps what is done.
  if (size >= 16) {
    while (i + 16 <= size && copy_block<16>(text + i, out + i)) i += 16;
    if (i + 16 > size && copy_block<16>(text + size - 16, out + size - 16)) return size;
  } else if (size >= 8) {
    if (copy_block<8>(text, out) && copy_block<8>(text + size - 8, out + size - 8)) return size;
  }
  for (; i < size && is_plain(static_cast<unsigned char>(text[i])); ++i) out[i] = text[i];
  return i;
}

/// Length of the well-formed UTF-8 sequence at the start (Unicode table 3-7), or 0.
std::size_t sequence_length(const unsigned char* p, std::size_t size) noexcept {
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned top = 0xbf) {
    return i < size && p[i] >= low && p[i] <= top;
  };
  const unsigned lead = p[0];
  if (lead >= 0xc2 && lead <= 0xdf) return follows(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    const bool second = follows(1, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf);
    return second && follows(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const bool second = follows(1, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// Code points beyond ASCII that change how a line is read or shown.
constexpr bool is_unsafe_to_show(unsigned code) noexcept {
  return code <= 0x9f || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/// One character that is not plain: what to write for it, and how much of the text it was.
struct Unit {
  std::array<char, 6> bytes;
  std::uint8_t size;
  std::uint8_t consumed;
};

Unit copied(std::string_view bytes, std::size_t consumed) noexcept {
  Unit unit{{}, static_cast<std::uint8_t>(bytes.size()), static_cast<std::uint8_t>(consumed)};
  std::memcpy(unit.bytes.data(), bytes.data(), bytes.size());
  return unit;
}

Unit hex_escape(unsigned code, std::size_t consumed) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  return Unit{{'\\', 'u', digits[code >> 12], digits[code >> 8 & 15], digits[code >> 4 & 15], digits[code & 15]},
              6,
              static_cast<std::uint8_t>(consumed)};
}

Unit next_unit(const char* text, std::size_t size) noexcept {
  const auto* p = reinterpret_cast<const unsigned char*>(text);
  switch (p[0]) {
    case '"':
      return copied("\\\"", 1);
    case '\\':
      return copied("\\\\", 1);
    case '\n':
      return copied("\\n", 1);
    case '\r':
      return copied("\\r", 1);
    case '\t':
      return copied("\\t", 1);
    default:
      break;
  }
  if (p[0] < 0x80) return hex_escape(p[0], 1);
  const std::size_t length = sequence_length(p, size);
  if (length == 0) return copied(replacement, 1);
  if (length <= 3) {
    const unsigned code = length == 2 ? (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU)
                                      : (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
    if (is_unsafe_to_show(code)) return hex_escape(code, length);
  }
  return copied({text, length}, length);
}

constexpr std::string_view severity_name(Severity severity) noexcept {
  switch (severity) {
    case Severity::debug:
      return "debug";
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

}  // namespace

EscapedJson escape_json(std::string_view text, std::span<char> out) noexcept {
  EscapedJson done{0, 0};
  while (done.read < text.size()) {
    const std::size_t fits = std::min(text.size() - done.read, out.size() - done.written);
    const std::size_t run = copy_plain(text.data() + done.read, fits, out.data() + done.written);
    done.read += run;
    done.written += run;
    if (run == fits) break;

    const Unit unit = next_unit(text.data() + done.read, text.size() - done.read);
    if (unit.size > out.size() - done.written) break;
    std::memcpy(out.data() + done.written, unit.bytes.data(), unit.size);
    done.read += unit.consumed;
    done.written += unit.size;
  }
  return done;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::array<char, 256> part;
    const EscapedJson done = escape_json(text, part);
    out.append(part.data(), done.written);
    text.remove_prefix(done.read);
  }
  out += '"';
}

JsonLine::JsonLine(std::string_view timestamp, Severity severity, EventName event,
                   std::string_view constant_members) noexcept
    : severity_(severity) {
  put("{\"ts\":\"");
  put(timestamp);
  put("\",\"sev\":\"");
  put(severity_name(severity));
  put("\",\"event\":\"");
  put(event.text());
  put("\"");
  if (!constant_members.empty() && constant_members.size() <= max_value) put(constant_members);
}

void JsonLine::put_string(std::string_view value) noexcept {
  char* out = buffer_.data() + size_;
  *out++ = '"';
  const std::size_t space = std::min(limit_ - size_ - 2 - ellipsis.size(), max_value);
  const std::size_t plain = copy_plain(value.data(), std::min(value.size(), space), out);
  out += plain;
  if (plain < value.size()) {
    const EscapedJson done = escape_json(value.substr(plain), {out, space - plain});
    out += done.written;
    if (plain + done.read < value.size()) {
      out += ellipsis.copy(out, ellipsis.size());
      truncated_ = true;
    }
  }
  *out++ = '"';
  size_ = static_cast<std::size_t>(out - buffer_.data());
}

void JsonLine::put_number(std::int64_t value) noexcept {
  char* place = buffer_.data() + size_;
  size_ += static_cast<std::size_t>(std::to_chars(place, place + longest_number, value).ptr - place);
}

void JsonLine::put_number(std::uint64_t value) noexcept {
  char* place = buffer_.data() + size_;
  size_ += static_cast<std::size_t>(std::to_chars(place, place + longest_number, value).ptr - place);
}

std::string_view JsonLine::finish() noexcept {
  if (buffer_[size_ - 1] != '\n') {
    put(truncated_ ? tail : std::string_view{"}\n"});
    limit_ = size_;
  }
  return {buffer_.data(), size_};
}

}  // namespace sallyport::ops
