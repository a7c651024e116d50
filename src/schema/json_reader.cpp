// JSON into any input struct, from its description: one pass over simdjson's document, every error reported at once.
#include <string.h>  // explicit_bzero is not in <cstring>

#include <memory>
#include <new>

#include <simdjson.h>

#include <sallyport/schema.hpp>

#include "base/utf8.hpp"
#include "schema/place.hpp"
#include "schema/scalar_reader.hpp"

namespace sallyport::schema {
namespace {

using detail::FieldErrors;
using detail::FieldInfo;
using detail::Kind;
using detail::TypeInfo;
using detail::UnknownMembers;
namespace dom = simdjson::dom;

constexpr std::size_t max_depth = 32;
constexpr std::size_t max_members = 1000;
constexpr std::size_t max_values = 10'000;
constexpr std::size_t max_name = 128;
constexpr std::size_t max_number = 32;
constexpr std::size_t max_document = std::size_t{64} << 20;  // body limits are far below; this bounds the parser itself
constexpr std::size_t kept_document = std::size_t{256} * 1024;  // up to here the parser is kept for the next document
constexpr std::size_t kept_at_first = 4096;
constexpr std::int64_t max_exact = std::int64_t{1} << 53;  // above, a double rounds whole numbers

// The documents that a thread reads share one parser, so that reading allocates nothing in the steady state. A parser
// takes some fifteen times the room of its document: a large document gets its own, and the memory is given back.
class Parser {
 public:
  explicit Parser(std::size_t length) : own_(length > kept_document ? make() : nullptr) {}

  simdjson::error_code parse(const char* bytes, std::size_t length, std::size_t capacity, dom::element& root) {
    // A byte order mark is no JSON (RFC 8259 §8.1); simdjson leaves it to its caller.
    if (std::string_view(bytes, length).substr(0, 3) == "\xEF\xBB\xBF") return simdjson::TAPE_ERROR;
    if (capacity < length + simdjson::SIMDJSON_PADDING) {  // a copy of our own, which can be wiped
      copy_.reserve(length + simdjson::SIMDJSON_PADDING);
      bytes = copy_.assign(bytes, length).data();
    }
    return parser().parse(bytes, length, false).get(root);
  }

  // The decoded texts stay in the parser until the next document: not those of a password.
  void wipe(std::size_t length) {
    dom::document& document = parser().doc;
    // simdjson reserves room for 5/3 of the document: a text has a length and a NUL there instead of its quotes.
    if (document.capacity() >= length) {
      explicit_bzero(document.string_buf.get(), 5 * length / 3 + simdjson::SIMDJSON_PADDING);
    }
    explicit_bzero(copy_.data(), copy_.size());
  }

 private:
  static std::unique_ptr<dom::parser> make() {
    auto parser = std::make_unique<dom::parser>(max_document);
    // simdjson refuses the level whose number is `max_depth`.
    if (parser->allocate(kept_at_first, max_depth + 1) != simdjson::SUCCESS) throw std::bad_alloc();
    return parser;
  }
  dom::parser& parser() {
    static thread_local const std::unique_ptr<dom::parser> kept = make();
    return own_ ? *own_ : *kept;
  }

  std::unique_ptr<dom::parser> own_;
  std::string copy_;
};

// simdjson reads numbers of any length; more than 32 characters say nothing that a double or 64 bits can hold.
bool has_long_number(std::string_view json) noexcept {
  const auto in_number = [](char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
  };
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"') {
      for (++i; i < json.size() && json[i] != '"'; ++i) {
        if (json[i] == '\\') ++i;
      }
    } else if (json[i] == '-' || (json[i] >= '0' && json[i] <= '9')) {
      const std::size_t begin = i;
      while (i + 1 < json.size() && in_number(json[i + 1])) ++i;
      if (i + 1 - begin > max_number) return true;
    }
  }
  return false;
}

class Reader {
 public:
  Reader(FieldErrors& errors, UnknownMembers unknown) : errors_(errors), unknown_(unknown) {}

  bool saw_number() const noexcept { return saw_number_; }

  // Depth is bounded by the type: an input can't contain itself.
  bool value(dom::element json, const TypeInfo& type, void* slot, const Place& place) {
    if (++values_ > max_values) {
      if (values_ == max_values + 1) errors_.add({}, InputError::too_many);
      return false;
    }
    switch (type.kind) {
      case Kind::boolean: {
        auto& out = static_cast<detail::BooleanSlot*>(slot)->value;
        return json.get(out) == simdjson::SUCCESS || refuse(place, InputError::type);
      }
      case Kind::integer:
        return integer(json, type, slot, place);
      case Kind::real:
        return real(json, type, slot, place);
      case Kind::scalar: {
        std::string_view text;
        if (json.get(text) != simdjson::SUCCESS) return refuse(place, InputError::type);
        const InputError error = set_scalar(text, type, slot);
        return error == InputError::none || refuse(place, error);
      }
      case Kind::choice: {
        std::string_view name;
        if (json.get(name) != simdjson::SUCCESS) return refuse(place, InputError::type);
        const InputError error = set_choice(name, type, slot);
        return error == InputError::none || refuse(place, error);
      }
      case Kind::optional:
        if (json.is_null()) return true;
        --values_;  // the same value, seen a second time
        return value(json, *type.element, type.open(slot), place);
      case Kind::list:
        return list(json, type, slot, place);
      case Kind::structure:
        return structure(json, type, slot, place);
    }
    return false;
  }

 private:
  bool refuse(const Place& place, InputError error) {
    errors_.add(place.pointer(), error);
    return false;
  }

  bool done() const noexcept { return errors_.truncated() || values_ > max_values; }

  bool integer(dom::element json, const TypeInfo& type, void* slot, const Place& place) {
    saw_number_ = true;
    std::int64_t number = 0;
    if (json.is_uint64() && !json.is_int64()) return refuse(place, InputError::too_large);
    if (!json.is_int64() || json.get(number) != simdjson::SUCCESS) return refuse(place, InputError::type);
    const InputError error = set_integer(number, type, slot);
    return error == InputError::none || refuse(place, error);
  }

  bool real(dom::element json, const TypeInfo& type, void* slot, const Place& place) {
    saw_number_ = true;
    double number = 0;
    if (json.get(number) != simdjson::SUCCESS) return refuse(place, InputError::type);
    if (json.type() != dom::element_type::DOUBLE) {  // a whole number, converted
      std::int64_t whole = 0;
      if (json.get(whole) != simdjson::SUCCESS || whole > max_exact) return refuse(place, InputError::too_large);
      if (whole < -max_exact) return refuse(place, InputError::too_small);
    }
    const InputError error = set_real(number, type, slot);
    return error == InputError::none || refuse(place, error);
  }

  bool list(dom::element json, const TypeInfo& type, void* slot, const Place& place) {
    dom::array elements;
    if (json.get(elements) != simdjson::SUCCESS) return refuse(place, InputError::type);
    bool good = true;
    std::int64_t index = 0;
    for (const dom::element element : elements) {
      if (index == type.max) return refuse(place, InputError::too_many);
      if (done()) return false;
      if (value(element, *type.element, type.open(slot), Place(place, static_cast<std::size_t>(index)))) {
        type.close(slot);
      } else {
        good = false;
      }
      ++index;
    }
    return good;
  }

  bool structure(dom::element json, const TypeInfo& type, void* slot, const Place& place) {
    dom::object members;
    if (json.get(members) != simdjson::SUCCESS) return refuse(place, InputError::type);
    void* slots[detail::max_fields];
    type.slots(slot, slots);
    bool seen[detail::max_fields] = {};
    bool good = true;
    std::size_t count = 0;
    std::size_t expected = 0;  // members mostly come in the order of the fields
    for (const dom::key_value_pair member : members) {
      if (++count > max_members) return refuse(place, InputError::too_many);
      if (done()) return false;
      if (member.key.size() > max_name) {
        if (unknown_ == UnknownMembers::are_errors) good = refuse(place, InputError::too_long);
        continue;
      }
      const std::size_t index = find_field(type, member.key, expected);
      const Place here(place, member.key);
      if (index == type.fields.size()) {
        if (unknown_ == UnknownMembers::are_errors) good = refuse(here, InputError::unknown);
      } else if (seen[index]) {
        good = refuse(here, InputError::repeated);
      } else {
        seen[index] = true;
        expected = index + 1;
        if (!value(member.value, *type.fields[index].type, slots[index], here)) good = false;
      }
    }
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      if (!seen[i] && type.fields[i].type->kind != Kind::optional) {
        good = refuse(Place(place, type.fields[i].name), InputError::missing);
      }
    }
    return good;
  }

  FieldErrors& errors_;
  const UnknownMembers unknown_;
  std::size_t values_ = 0;
  bool saw_number_ = false;
};

// Whether a document that no type describes keeps the limits.
class Limits {
 public:
  bool keeps(dom::element json, std::size_t depth) {
    if (++values_ > max_values || depth > max_depth) return false;
    std::string_view text;
    dom::array elements;
    dom::object members;
    if (json.get(text) == simdjson::SUCCESS) return base::valid_utf8(text);
    if (json.get(elements) == simdjson::SUCCESS) {
      for (const dom::element element : elements) {
        if (!keeps(element, depth + is_container(element))) return false;
      }
    } else if (json.get(members) == simdjson::SUCCESS) {
      std::size_t count = 0;
      for (const dom::key_value_pair member : members) {
        if (++count > max_members || member.key.size() > max_name || !base::valid_utf8(member.key)) return false;
        if (!keeps(member.value, depth + is_container(member.value))) return false;
      }
    }
    return true;
  }

  static std::size_t is_container(dom::element json) { return json.is_array() || json.is_object() ? 1 : 0; }

 private:
  std::size_t values_ = 0;
};

InputError error_of(simdjson::error_code code) noexcept {
  if (code == simdjson::DEPTH_ERROR) return InputError::too_deep;
  if (code == simdjson::CAPACITY) return InputError::too_long;
  return InputError::malformed;
}

}  // namespace
}  // namespace sallyport::schema

namespace sallyport::detail {

bool read_json(const char* bytes, std::size_t length, std::size_t capacity, const TypeInfo& type, void* slot,
               FieldErrors& errors, UnknownMembers unknown) {
  schema::Parser parser(length);
  simdjson::dom::element root;
  const simdjson::error_code code = parser.parse(bytes, length, capacity, root);
  if (code != simdjson::SUCCESS) {
    errors.add({}, schema::error_of(code));
  } else {
    schema::Reader reader(errors, unknown);
    const bool good = reader.value(root, type, slot, schema::Place());
    // Not where members are passed over: theirs may be longer than any that is read.
    if (good && reader.saw_number() && unknown == UnknownMembers::are_errors &&
        schema::has_long_number({bytes, length})) {
      errors.add({}, InputError::too_long);
    }
  }
  if (type.secret) parser.wipe(length);
  return errors.empty();
}

bool valid_json(std::string_view text) {
  schema::Parser parser(text.size());
  simdjson::dom::element root;
  return parser.parse(text.data(), text.size(), text.size(), root) == simdjson::SUCCESS &&
         schema::Limits().keeps(root, schema::Limits::is_container(root));
}

}  // namespace sallyport::detail
