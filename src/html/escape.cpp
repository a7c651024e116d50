// Escaping of text for HTML, one function for text and for double-quoted attribute values.
#include "html/escape.hpp"

#include "base/plain_run.hpp"
#include "base/utf8.hpp"

#include <cstddef>

namespace sallyport::markup {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// Bytes that can't be copied unseen: `& < > " '`, controls but white space, DEL and everything beyond ASCII.
struct NotPlain {
  base::Block operator()(base::Block bytes) const noexcept {
    // `"` and `&` differ by one bit (0x04), `<` and `>` by another (0x02).
    return ((bytes & ~0x04) == '"') | ((bytes | 0x02) == '>') | (bytes == '\'') | (bytes == 0x7f) |
           ((bytes < 0x20) & (bytes != '\t') & (bytes != '\n') & (bytes != '\r'));
  }
  bool operator()(signed char c) const noexcept {
    return c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c == 0x7f ||
           (c < 0x20 && c != '\t' && c != '\n' && c != '\r');
  }
};

std::size_t find_special(std::string_view text, std::size_t at) noexcept {
  return base::end_of_plain(text, at, NotPlain());
}

constexpr unsigned char byte_at(std::string_view text, std::size_t i) noexcept {
  return static_cast<unsigned char>(text[i]);
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
          const base::CodePoint next = base::first_code_point(text.substr(i));
          read = next.length;
          const bool c1_control = next.value < 0xA0;
          if (next.valid && !c1_control) {
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

}  // namespace sallyport::markup
