// The checks behind Text and Line, the form of an e-mail address, and the names of input errors.
#include <sallyport/text.hpp>

#include "base/character_class.hpp"
#include "base/plain_run.hpp"
#include "base/utf8.hpp"

namespace sallyport {

std::string_view name_of(InputError error) noexcept {
  switch (error) {
    case InputError::none:
      return "none";
    case InputError::malformed:
      return "malformed";
    case InputError::unknown:
      return "unknown";
    case InputError::missing:
      return "missing";
    case InputError::repeated:
      return "repeated";
    case InputError::type:
      return "type";
    case InputError::too_short:
      return "too_short";
    case InputError::too_long:
      return "too_long";
    case InputError::too_small:
      return "too_small";
    case InputError::too_large:
      return "too_large";
    case InputError::format:
      return "format";
    case InputError::not_allowed:
      return "not_allowed";
    case InputError::too_many:
      return "too_many";
    case InputError::too_deep:
      return "too_deep";
  }
  return "none";
}

namespace {

struct NotPrintableAscii {
  base::Block operator()(base::Block bytes) const noexcept { return (bytes < 0x20) | (bytes == 0x7F); }
  bool operator()(signed char c) const noexcept { return c < 0x20 || c == 0x7F; }
};

bool refused(char32_t c, detail::Lines lines) noexcept {
  if (c >= 0x20 && c < 0x7F) return false;
  if (c == '\n' || c == '\r' || c == '\t' || c == 0x2028 || c == 0x2029) return lines == detail::Lines::one;
  return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool atext(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 5321 §4.1.2 Dot-string.
bool is_local_part(std::string_view text) noexcept {
  if (text.empty() || text.size() > 64) return false;  // RFC 5321 §4.5.3.1.1
  char before = '.';
  for (const char c : text) {
    if (c == '.' ? before == '.' : !atext(c)) return false;
    before = c;
  }
  return before != '.';
}

// At least two labels of 1 to 63 letters, digits and inner hyphens (RFC 1035 §2.3.1 with RFC 1123 §2.1); the last one
// not all digits, so that it is no IPv4 address.
bool is_domain(std::string_view text) noexcept {
  std::size_t labels = 0;
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    bool digits_only = true;
    for (const char c : label) {
      if (!letter_or_digit(c) && c != '-') return false;
      if (c < '0' || c > '9') digits_only = false;
    }
    ++labels;
    if (dot == text.npos) return labels >= 2 && !digits_only;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

InputError detail::check_text(std::string_view text, std::size_t min, std::size_t max, Lines lines) noexcept {
  if (text.size() / 4 > max) return InputError::too_long;  // more bytes than `max` code points can have
  std::size_t count = 0;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = base::end_of_plain(text, at, NotPrintableAscii());
    count += end - at;
    at = end;
    if (at == text.size()) break;
    const base::CodePoint next = base::first_code_point(text.substr(at));
    if (!next.valid) return InputError::format;
    if (refused(next.value, lines)) return InputError::not_allowed;
    ++count;
    at += next.length;
  }
  if (count < min) return InputError::too_short;
  return count > max ? InputError::too_long : InputError::none;
}

// In ASCII, as it is kept. `parse` is elsewhere, so that a program which reads no addresses is not linked with libidn2.
std::optional<Email> Email::from_storage(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (text.size() > max_length || at == text.npos || !is_local_part(text.substr(0, at)) ||
      !is_domain(text.substr(at + 1)))
    return std::nullopt;
  std::string value(text);
  for (std::size_t i = at; i < value.size(); ++i) value[i] = base::to_lower(value[i]);
  return Email(std::move(value));
}

std::string Email::key() const {
  std::string key = value_;
  for (char& c : key) c = base::to_lower(c);
  return key;
}

}  // namespace sallyport
