// Text as a JSON string (RFC 8259 section 7).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::base {

/// What is escaped beyond `"`, `\\` and the controls below U+0020.
enum class JsonEscapes : std::uint8_t {
  /// `<`, `>`, `&`, and U+2028 and U+2029, which end a line in a script written before ECMAScript 2019: pasted into a page or
  /// a script, a text can't end what it stands in.
  page,
  /// DEL, C1, the line and paragraph separators and the bidirectional controls (U+2028–202E, U+2066–2069): no text can end
  /// a line, move a terminal's cursor, or show in another order than it is stored.
  line,
};

/// Appends the whole of `text` as a JSON string with its quotes. What is not UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text, JsonEscapes escapes);

/// Copies `text` as the inside of a JSON string, with the escapes of a line, as much as fits whole.
struct EscapedJson {
  std::size_t read;     ///< bytes of `text` used
  std::size_t written;  ///< bytes of `out` filled
};
EscapedJson escape_json_line(std::string_view text, std::span<char> out) noexcept;

}  // namespace sallyport::base
