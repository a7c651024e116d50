// The leaves of JSON output: texts, numbers and ids.
#include <charconv>
#include <cmath>

#include <sallyport/json.hpp>

#include "base/json_text.hpp"

namespace sallyport::detail {
namespace {

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  base::append_json_string(out, text, base::JsonEscapes::page);
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
