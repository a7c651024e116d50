// The leaves of JSON output: texts, numbers and ids. Texts are copied in runs, found sixteen bytes at a time.
#include <charconv>
#include <cmath>

#include <sallyport/json.hpp>

#include "base/plain_run.hpp"
#include "base/utf8.hpp"

namespace sallyport::detail {
namespace {

struct NotPlain {
  base::Block operator()(base::Block bytes) const noexcept {
    // `"` and `&` differ by one bit (0x04), `<` and `>` by another (0x02).
    return ((bytes & ~0x04) == '"') | ((bytes | 0x02) == '>') | (bytes == '\\') | (bytes < 0x20);
  }
  bool operator()(signed char c) const noexcept {
    return c < 0x20 || c == '"' || c == '&' || c == '<' || c == '>' || c == '\\';
  }
};

void append_unicode_escape(std::string& out, unsigned code) {
  constexpr char digits[] = "0123456789abcdef";
  const char escape[] = {
      '\\', 'u', digits[code >> 12 & 15], digits[code >> 8 & 15], digits[code >> 4 & 15], digits[code & 15]};
  out.append(escape, sizeof escape);
}

void append_escaped(std::string& out, char32_t c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      append_unicode_escape(out, static_cast<unsigned>(c));
  }
}

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t copied = 0;
  std::size_t at = 0;
  while (true) {
    at = base::end_of_plain(text, at, NotPlain());
    if (at == text.size()) break;
    const base::CodePoint next = base::first_code_point(text.substr(at));
    // U+2028 and U+2029 end a line in a script written before ECMAScript 2019.
    const bool escaped = next.value < 0x80 || next.value == 0x2028 || next.value == 0x2029;
    if (escaped || !next.valid) {
      out.append(text, copied, at - copied);
      if (escaped) {
        append_escaped(out, next.value);
      } else {
        out.append("\xEF\xBF\xBD");  // U+FFFD
      }
      copied = at + next.length;
    }
    at += next.length;
  }
  out.append(text, copied);
  out.push_back('"');
}

void append_json_integer(std::string& out, std::int64_t value) { append_number(out, value); }
void append_json_unsigned(std::string& out, std::uint64_t value) { append_number(out, value); }

void append_json_real(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out.append("null");
    return;
  }
  if (value == 0 && std::signbit(value)) {
    out.append("-0.0");  // "-0" would be read as the integer 0, which has no sign
    return;
  }
  if (std::fabs(value) < 9007199254740992.0) {  // 2^53
    append_number(out, value);
    return;
  }
  // With an exponent: a long row of digits would be read as an integer, and refused as one that a double can't hold.
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

void append_json_id(std::string& out, const IdBytes& bytes) {
  char quoted[id_text_length + 2];
  quoted[0] = '"';
  write_id(bytes, quoted + 1);
  quoted[sizeof quoted - 1] = '"';
  out.append(quoted, sizeof quoted);
}

}  // namespace sallyport::detail
