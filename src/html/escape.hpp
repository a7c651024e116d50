// Escaping of text for HTML, one function for text and for double-quoted attribute values.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::markup {

/// Appends `text` so that it stays text: `& < > " '` become character references, bytes that are not UTF-8 and control
/// characters (C0 except tab, newline and carriage return, DEL, C1) become U+FFFD. Safe between tags, in `<textarea>`,
/// `<title>` and double-quoted attribute values; not meant for scripts, styles or unquoted values.
void append_escaped(std::string& out, std::string_view text);

}  // namespace sallyport::markup
