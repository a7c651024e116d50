// Reads and writes the JSON values of tests.
#include <sallyport/testing/json.hpp>

#include "base/json_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <ostream>
#include <string>
#include <system_error>

namespace sallyport::test {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t shown = 2000;  // bytes of a document in a message

std::string cut(std::string text) {
  if (text.size() > shown) text.replace(shown, text.npos, "…");
  return text;
}

std::string_view name_of(Json::Kind kind) noexcept {
  static constexpr std::array<std::string_view, 7> names{"null", "boolean", "whole number", "number",
                                                         "text", "list",    "object"};
  return names[static_cast<std::size_t>(kind)];
}

// ~1 stands for / and ~0 for ~ (RFC 6901 4).
std::string unescaped(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool escape = part[i] == '~' && i + 1 < part.size();
    out += escape ? (part[++i] == '1' ? '/' : '~') : part[i];
  }
  return out;
}

}  // namespace

struct Json::Reader {
  static Json read(const dom::element& element) {
    Json value;
    switch (element.type()) {
      case dom::element_type::NULL_VALUE:
        break;
      case dom::element_type::BOOL:
        value.kind_ = Kind::boolean;
        value.boolean_ = element.get_bool().value_unsafe();
        break;
      case dom::element_type::INT64:
        value.kind_ = Kind::integer;
        value.integer_ = element.get_int64().value_unsafe();
        break;
      case dom::element_type::UINT64:
        value.kind_ = Kind::real;
        value.real_ = static_cast<double>(element.get_uint64().value_unsafe());
        break;
      case dom::element_type::DOUBLE:
        value.kind_ = Kind::real;
        value.real_ = element.get_double().value_unsafe();
        break;
      case dom::element_type::STRING:
        value.kind_ = Kind::text;
        value.text_ = std::string(element.get_string().value_unsafe());
        break;
      // Named, since their iterators point into them.
      case dom::element_type::ARRAY: {
        value.kind_ = Kind::list;
        const dom::array elements = element.get_array().value_unsafe();
        for (const dom::element each : elements) value.elements_.push_back(read(each));
        break;
      }
      case dom::element_type::OBJECT: {
        value.kind_ = Kind::object;
        const dom::object members = element.get_object().value_unsafe();
        for (const auto member : members) value.members_.emplace_back(std::string(member.key), read(member.value));
        break;
      }
    }
    return value;
  }
};

Json Json::parse(std::string_view text) {
  dom::parser parser;
  dom::element root;
  const simdjson::error_code error = parser.parse(text.data(), text.size()).get(root);
  if (error != simdjson::SUCCESS) throw Failure("this is no JSON: " + cut(std::string(text)));
  return Reader::read(root);
}

const Json* Json::find(std::string_view pointer) const noexcept {
  const Json* value = this;
  while (!pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string part = unescaped(pointer.substr(0, end));
    pointer.remove_prefix(end);
    const Json* next = nullptr;
    if (value->kind_ == Kind::object) {
      for (const Member& member : value->members_) {
        if (member.first == part) next = &member.second;
      }
    } else if (value->kind_ == Kind::list) {
      std::size_t index = 0;
      const auto read = std::from_chars(part.data(), part.data() + part.size(), index);
      const bool number = read.ec == std::errc() && read.ptr == part.data() + part.size();
      if (number && index < value->elements_.size()) next = &value->elements_[index];
    }
    if (!next) return nullptr;
    value = next;
  }
  return value;
}

const Json& Json::at(std::string_view pointer) const {
  if (const Json* const value = find(pointer)) return *value;
  const std::string hint = pointer.empty() || pointer.front() == '/'
                               ? ""
                               : " (a pointer begins with '/': \"/" + std::string(pointer) + "\")";
  throw Failure("nothing is at " + std::string(pointer) + hint + " in " + cut(dump()));
}

void Json::is_no(std::string_view wanted) const {
  throw Failure("this " + std::string(name_of(kind_)) + " is no " + std::string(wanted) + ": " + cut(dump()));
}

void Json::lacks(std::string_view member, const Json& whole) {
  throw Failure("there is no member '" + std::string(member) + "' in " + cut(whole.dump()));
}

const std::string& Json::text() const {
  if (kind_ != Kind::text) is_no("text");
  return text_;
}
std::int64_t Json::integer() const {
  if (kind_ != Kind::integer) is_no("whole number");
  return integer_;
}
double Json::real() const {
  if (kind_ == Kind::integer) return static_cast<double>(integer_);
  if (kind_ != Kind::real) is_no("number");
  return real_;
}
bool Json::boolean() const {
  if (kind_ != Kind::boolean) is_no("boolean");
  return boolean_;
}

std::string Json::dump() const {
  std::string out;
  const auto text = [&out](std::string_view value) { base::append_json_string(out, value, base::JsonEscapes::line); };
  switch (kind_) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return boolean_ ? "true" : "false";
    case Kind::integer:
      return std::to_string(integer_);
    case Kind::real: {
      std::array<char, 32> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), real_).ptr;
      return {digits.data(), end};
    }
    case Kind::text:
      text(text_);
      return out;
    case Kind::list:
      for (const Json& each : elements_) out.append(out.empty() ? "[" : ",").append(each.dump());
      return out.empty() ? "[]" : out + "]";
    case Kind::object:
      for (const auto& [name, value] : members_) {
        out += out.empty() ? "{" : ",";
        text(name);
        out.append(":").append(value.dump());
      }
      return out.empty() ? "{}" : out + "}";
  }
  return out;
}

bool operator==(const Json& a, const Json& b) {
  if (a.kind_ != b.kind_) return false;
  switch (a.kind_) {
    case Json::Kind::null:
      return true;
    case Json::Kind::boolean:
      return a.boolean_ == b.boolean_;
    case Json::Kind::integer:
      return a.integer_ == b.integer_;
    case Json::Kind::real:
      return a.real_ == b.real_;
    case Json::Kind::text:
      return a.text_ == b.text_;
    case Json::Kind::list:
      return a.elements_ == b.elements_;
    case Json::Kind::object:  // in any order
      return a.members_.size() == b.members_.size() &&
             std::ranges::all_of(a.members_, [&b](const Json::Member& member) {
               return std::ranges::any_of(b.members_, [&member](const Json::Member& other) {
                 return other.first == member.first && other.second == member.second;
               });
             });
  }
  return false;
}

std::ostream& operator<<(std::ostream& out, const Json& value) { return out << value.dump(); }

}  // namespace sallyport::test
