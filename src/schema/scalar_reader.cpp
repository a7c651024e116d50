// One checked value into its slot.
#include "schema/scalar_reader.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "base/character_class.hpp"
#include "base/utf8.hpp"

namespace sallyport::schema {

using detail::Kind;
using detail::TypeInfo;

namespace {

constexpr std::size_t max_number = 32;

std::size_t digits_at(std::string_view text, std::size_t at) noexcept {
  std::size_t count = 0;
  while (at + count < text.size() && base::is_digit(text[at + count])) ++count;
  return count;
}

enum class Written : unsigned char { not_a_number, whole, fraction };

// RFC 8259 §6: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
Written how_written(std::string_view text) noexcept {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return Written::not_a_number;
  at += whole;
  if (at == text.size()) return Written::whole;
  if (text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (fraction == 0) return Written::not_a_number;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return Written::not_a_number;
    at += exponent;
  }
  return at == text.size() ? Written::fraction : Written::not_a_number;
}

InputError out_of_range(std::string_view number) noexcept {
  return number.starts_with('-') ? InputError::too_small : InputError::too_large;
}

InputError integer_from_text(std::string_view text, const TypeInfo& type, void* slot) noexcept {
  if (text.size() > max_number) return InputError::too_long;
  if (how_written(text) != Written::whole) return InputError::type;
  std::int64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) return out_of_range(text);
  return set_integer(number, type, slot);
}

InputError real_from_text(std::string_view text, const TypeInfo& type, void* slot) noexcept {
  if (text.size() > max_number) return InputError::too_long;
  const Written written = how_written(text);
  if (written == Written::not_a_number) return InputError::type;
  double number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) return out_of_range(text);
  constexpr double max_exact = 9007199254740992.0;  // 2^53: above, a double rounds whole numbers
  if (written == Written::whole) {
    std::int64_t whole = 0;
    const bool fits = std::from_chars(text.data(), text.data() + text.size(), whole).ec == std::errc();
    if (!fits || std::fabs(number) > max_exact || static_cast<std::int64_t>(number) != whole) return out_of_range(text);
  }
  return set_real(number, type, slot);
}

}  // namespace

InputError set_integer(std::int64_t number, const TypeInfo& type, void* slot) noexcept {
  if (number < type.min) return InputError::too_small;
  if (number > type.max) return InputError::too_large;
  static_cast<detail::IntegerSlot*>(slot)->value = number;
  return InputError::none;
}

InputError set_real(double number, const TypeInfo& type, void* slot) noexcept {
  if (type.bounded && number < static_cast<double>(type.min)) return InputError::too_small;
  if (type.bounded && number > static_cast<double>(type.max)) return InputError::too_large;
  if (!std::isfinite(number)) return InputError::type;
  static_cast<detail::RealSlot*>(slot)->value = number;
  return InputError::none;
}

InputError set_choice(std::string_view name, const TypeInfo& type, void* slot) noexcept {
  for (std::size_t i = 0; i < type.choices.size(); ++i) {
    if (type.choices[i] == name) {
      static_cast<detail::ChoiceSlot*>(slot)->index = i;
      return InputError::none;
    }
  }
  return InputError::not_allowed;
}

InputError set_scalar(std::string_view text, const TypeInfo& type, void* slot) {
  if (text.size() / 4 > static_cast<std::size_t>(type.max)) return InputError::too_long;
  if (!base::valid_utf8(text)) return InputError::format;
  return type.set(slot, text);
}

std::size_t find_field(const TypeInfo& type, std::string_view name, std::size_t expected) noexcept {
  if (expected < type.fields.size() && type.fields[expected].name == name) return expected;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].name == name) return i;
  }
  return type.fields.size();
}

InputError set_from_text(std::string_view text, const TypeInfo& type, void* slot) {
  switch (type.kind) {
    case Kind::boolean:
      if (text != "true" && text != "on" && text != "false") return InputError::type;  // a checkbox sends `on`
      static_cast<detail::BooleanSlot*>(slot)->value = text != "false";
      return InputError::none;
    case Kind::integer:
      return integer_from_text(text, type, slot);
    case Kind::real:
      return real_from_text(text, type, slot);
    case Kind::scalar:
      return set_scalar(text, type, slot);
    case Kind::choice:
      return set_choice(text, type, slot);
    case Kind::optional:
    case Kind::list:
    case Kind::structure:
      break;
  }
  return InputError::type;
}

}  // namespace sallyport::schema
