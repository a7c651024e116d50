// Users' links and local paths with values in them.
#include <sallyport/url.hpp>

#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/utf8.hpp"
#include "html/escape.hpp"

namespace sallyport {
namespace {

void append_percent(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  out += '%';
  out += digits[byte >> 4];
  out += digits[byte & 0x0F];
}

/// Percent-encodes everything but the unreserved characters (RFC 3986 2.3).
void append_encoded(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (detail::url_unreserved(c)) {
      out += c;
    } else {
      append_percent(out, c);
    }
  }
}

/// A link as it goes out: what is beyond ASCII in its path, query or fragment percent-encoded (RFC 3987 section 3.1).
std::string to_ascii(std::string_view link) {
  std::string ascii;
  ascii.reserve(link.size());
  for (const char c : link) {
    if (detail::beyond_ascii(c)) {
      append_percent(ascii, c);
    } else {
      ascii += c;
    }
  }
  return ascii;
}

}  // namespace

Maybe<Url> Url::parse(std::string_view text) {
  if (detail::url_form(text) == detail::UrlForm::refused || !base::valid_utf8(text)) return std::nullopt;
  return Url(to_ascii(text));
}

Maybe<ImgUrl> ImgUrl::parse(std::string_view text) {
  if (detail::url_form(text) != detail::UrlForm::local || !base::valid_utf8(text)) return std::nullopt;
  return ImgUrl(to_ascii(text));
}

LocalUrl detail::UrlMaker::build(const CheckedPath& path, std::initializer_list<SlotValue> values) {
  constexpr std::string_view nowhere = "%EF%BF%BD";  // U+FFFD
  std::string out;
  out.reserve(path.text().size() + values.size() * 24);
  std::size_t done = 0;
  const UrlSlot* slot = path.slots();
  for (const SlotValue& value : values) {
    out.append(path.text(), done, slot->offset - done);
    done = slot->offset;
    if (value.kind == SlotValue::Kind::text) {
      // A browser would resolve these segments (also when encoded) and end up at another path.
      const std::string_view text = value.text();
      const bool lost = slot->whole_segment && (text.empty() || text == "." || text == "..");
      if (lost) {
        out += nowhere;
      } else {
        append_encoded(out, text);
      }
    } else {
      char digits[20];  // of the largest 64-bit integer
      if (value.kind == SlotValue::Kind::negative) out += '-';
      out.append(digits, std::to_chars(digits, digits + sizeof digits, value.number).ptr);
    }
    ++slot;
  }
  out.append(path.text(), done);
  return LocalUrl(std::move(out));
}

}  // namespace sallyport
