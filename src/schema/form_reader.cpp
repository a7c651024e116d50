// application/x-www-form-urlencoded, of forms and queries, into any flat input struct; and single path parameters.
#include <string.h>  // explicit_bzero is not in <cstring>

#include <string>
#include <string_view>

#include <sallyport/extract.hpp>
#include <sallyport/schema.hpp>

#include "base/character_class.hpp"
#include "base/utf8.hpp"
#include "schema/place.hpp"
#include "schema/scalar_reader.hpp"

namespace sallyport::schema {
namespace {

using detail::FieldErrors;
using detail::Kind;
using detail::TypeInfo;
using detail::UnknownMembers;

constexpr std::size_t max_parameters = 100;
constexpr std::size_t max_name = 128;

// Decodes once. Unlike the URL standard, which keeps a stray `%` and replaces what is not UTF-8, refuses both: a text
// that two programs may read differently is no input. A line break, which a browser sends as CR LF, becomes the LF as which
// the browser counted it for `maxlength` (HTML, "API value" of a textarea) and as which JSON brings it.
InputError decode(std::string_view encoded, std::string& out) {
  out.clear();
  bool after_cr = false;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    char c = encoded[i];
    if (c == '+') {
      c = ' ';
    } else if (c == '%') {
      if (encoded.size() - i < 3) return InputError::malformed;
      const int high = base::hex_value(encoded[i + 1]);
      const int low = base::hex_value(encoded[i + 2]);
      if (high < 0 || low < 0) return InputError::malformed;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return InputError::not_allowed;
    if (c == '\n' && after_cr) {
      after_cr = false;
      continue;
    }
    after_cr = c == '\r';
    out.push_back(after_cr ? '\n' : c);
  }
  return base::valid_utf8(out) ? InputError::none : InputError::format;
}

// A text that held a password leaves no trace. The strings keep their place on the heap from the first long value on,
// and `clear` alone would leave the characters there.
void wipe(std::string& text) noexcept {
  text.resize(text.capacity());
  explicit_bzero(text.data(), text.size());
}

class FormReader {
 public:
  FormReader(const TypeInfo& type, void* slot, FieldErrors& errors, UnknownMembers unknown)
      : type_(type), errors_(errors), unknown_(unknown) {
    type.slots(slot, slots_);
  }

  bool read(std::string_view pairs) {
    std::size_t parameters = 0;
    std::string name;
    std::string value;
    if (type_.secret) value.reserve(pairs.size());  // never moved while it grows
    while (!pairs.empty() && !errors_.truncated()) {
      const std::string_view pair = pairs.substr(0, pairs.find('&'));
      pairs.remove_prefix(pair.size() == pairs.size() ? pair.size() : pair.size() + 1);
      if (pair.empty()) continue;
      if (++parameters > max_parameters) {
        errors_.add({}, InputError::too_many);
        break;
      }
      const std::size_t equals = pair.find('=');
      if (decode(pair.substr(0, equals), name) != InputError::none) {
        if (unknown_ == UnknownMembers::are_errors) errors_.add({}, InputError::malformed);
        continue;
      }
      InputError error = decode(equals == pair.npos ? std::string_view() : pair.substr(equals + 1), value);
      if (name.size() > max_name) {
        if (unknown_ == UnknownMembers::are_errors) errors_.add({}, InputError::too_long);
        continue;
      }
      error = field(name, value, error);
      if (type_.secret) wipe(value);
      if (error != InputError::none) errors_.add(Place(Place(), name).pointer(), error);
    }
    for (std::size_t i = 0; i < type_.fields.size(); ++i) {
      const Kind kind = type_.fields[i].type->kind;
      // A box that is not ticked is not sent, nor is a list of which nothing is chosen.
      const bool may_be_absent = kind == Kind::optional || kind == Kind::list || kind == Kind::boolean;
      if (count_[i] == 0 && !may_be_absent) {
        errors_.add(Place(Place(), type_.fields[i].name).pointer(), InputError::missing);
      }
    }
    return errors_.empty();
  }

 private:
  InputError field(std::string_view name, std::string_view value, InputError decoded) {
    const std::size_t index = find_field(type_, name, expected_);
    if (index == type_.fields.size()) {
      return unknown_ == UnknownMembers::are_errors ? InputError::unknown : InputError::none;
    }
    const TypeInfo& type = *type_.fields[index].type;
    expected_ = index + 1;
    ++count_[index];
    if (type.kind == Kind::list) {
      if (count_[index] > static_cast<std::size_t>(type.max)) return InputError::too_many;
    } else if (count_[index] > 1) {
      return InputError::repeated;
    }
    if (decoded != InputError::none) return decoded;
    if (type.kind == Kind::list) {
      const InputError error = set_from_text(value, *type.element, type.open(slots_[index]));
      if (error == InputError::none) type.close(slots_[index]);
      return error;
    }
    if (type.kind == Kind::optional) {
      // A browser sends an empty text for an input that was left empty.
      return value.empty() ? InputError::none : set_from_text(value, *type.element, type.open(slots_[index]));
    }
    return set_from_text(value, type, slots_[index]);
  }

  const TypeInfo& type_;
  FieldErrors& errors_;
  const UnknownMembers unknown_;
  void* slots_[detail::max_fields];
  std::size_t count_[detail::max_fields] = {};
  std::size_t expected_ = 0;
};

}  // namespace
}  // namespace sallyport::schema

namespace sallyport::detail {

bool read_form(std::string_view pairs, const TypeInfo& type, void* slot, FieldErrors& errors, UnknownMembers unknown) {
  return schema::FormReader(type, slot, errors, unknown).read(pairs);
}

std::string typed_text(std::string_view pairs, const TypeInfo& type, std::string_view name) {
  std::string text;
  const std::size_t index = schema::find_field(type, name, 0);
  if (index == type.fields.size() || type.fields[index].type->secret) return text;
  while (!pairs.empty()) {
    const std::string_view pair = pairs.substr(0, pairs.find('&'));
    pairs.remove_prefix(pair.size() == pairs.size() ? pair.size() : pair.size() + 1);
    const std::size_t equals = pair.find('=');
    if (equals == pair.npos || schema::decode(pair.substr(0, equals), text) != InputError::none || text != name)
      continue;
    if (schema::decode(pair.substr(equals + 1), text) != InputError::none) break;
    return text;
  }
  return {};
}

bool read_scalar(std::string_view text, std::string_view name, const TypeInfo& type, void* slot, FieldErrors& errors) {
  const InputError error = schema::set_from_text(text, type, slot);
  if (error != InputError::none) errors.add(schema::Place(schema::Place(), name).pointer(), error);
  return error == InputError::none;
}

}  // namespace sallyport::detail
