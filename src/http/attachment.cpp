// Writes Content-Disposition (RFC 6266) with a name that may be any text (RFC 8187).
#include <sallyport/attachment.hpp>

#include "base/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport {
namespace {

constexpr std::size_t longest_name = 180;  // bytes; file systems take 255, and each may become three

bool is_plain(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7f;
}

// Attribute characters of RFC 8187 3.2.1.
bool stands_for_itself(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

// Characters that show a name in another order than it has (`exe.txt` for `txt.exe`), or not at all.
bool hides(std::string_view three) noexcept {
  if (three.size() < 3 || three[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(three[1]);
  const auto third = static_cast<unsigned char>(three[2]);
  if (second == 0x80) return (third >= 0x8B && third <= 0x8F) || (third >= 0xA8 && third <= 0xAE);  // U+200B…, U+2028…
  return second == 0x81 && third >= 0xA0 && third <= 0xAF;                                          // U+2060…
}

// A name without what is no part of one.
std::string cleaned(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view rest = text.substr(i);
    if (hides(rest)) {
      i += 2;
    } else if (byte == 0xC2 && rest.size() > 1 && static_cast<unsigned char>(rest[1]) < 0xA0) {
      name.push_back('_');  // a control character of two bytes
      ++i;
    } else if (byte < 0x20 || byte == 0x7f || std::string_view("/\\:*?\"<>|").find(text[i]) != std::string_view::npos) {
      name.push_back('_');
    } else {
      name.push_back(text[i]);
    }
  }
  if (name.size() > longest_name) {
    std::size_t end = longest_name;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80) --end;
    name.resize(end);
  }
  name.erase(0, std::min(name.find_first_not_of(". "), name.size()));
  while (name.ends_with('.') || name.ends_with(' ')) name.pop_back();
  if (name.empty() || !base::valid_utf8(name)) return "download";
  return name;
}

}  // namespace

attachment::attachment(Checked, std::string_view text) : field_("attachment; filename=\"") {
  const std::string name = cleaned(text);
  bool plain = true;
  for (const char c : name) {
    // A percent sign is read as an escape by some clients.
    const bool ordinary = is_plain(c) && c != '%';
    plain = plain && ordinary;
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
    if (ordinary) {
      field_.push_back(c);
    } else if (!continues) {
      field_.push_back('_');
    }
  }
  field_.push_back('"');
  if (plain) return;
  field_.append("; filename*=UTF-8''");
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : name) {
    if (stands_for_itself(c)) {
      field_.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      field_.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
  }
}

}  // namespace sallyport
