// Input and output structs that the tests of this folder share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sallyport/json.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/secret.hpp>

namespace sallyport::schema_test {

enum class Role : unsigned char { member, admin, owner = 7 };

struct Tag {
  Line<1, 20> label;
  Maybe<Int<0, 9>> weight;
};

// One field of every kind that an input may have.
struct Everything {
  Text<1, 40> title;
  Maybe<Line<0, 10>> subtitle;
  Email email;
  Id<Tag> tag;
  Int<-5, 500> count;
  std::int8_t tiny;
  std::uint64_t wide;
  Real<-1000, 1000> share;
  double any;
  bool on;
  Role role;
  Maybe<Role> other_role;
  List<Tag, 4> tags;
  std::vector<bool> flags;
  std::vector<Int<0, 1000>> numbers;
  Maybe<Tag> best;
};

// What a form can carry.
struct FlatForm {
  Text<1, 40> title;
  Maybe<Int<1, 100>> page;
  bool on;
  List<Role, 3> roles;
  Maybe<Email> email;
  Maybe<Real<0, 10>> share;
};

// Reads `json` from a buffer with room behind it, as the kernel does.
template <class T>
std::optional<T> from_json(std::string_view json, detail::FieldErrors& errors) {
  std::string padded(json);
  padded.reserve(json.size() + 64);
  return detail::read_json<T>(padded.data(), padded.size(), padded.capacity(), errors);
}

// "ok", or the errors as `pointer code` joined by spaces.
inline std::string show(const detail::FieldErrors& errors) {
  std::string out;
  for (const auto& entry : errors.entries()) {
    if (!out.empty()) out += " | ";
    out += entry.pointer;
    out += ' ';
    out += name_of(entry.error);
  }
  return out.empty() ? "ok" : out;
}

template <class T>
std::string errors_in(std::string_view json) {
  detail::FieldErrors errors;
  const auto value = from_json<T>(json, errors);
  if (value.has_value() != errors.empty()) return "value and errors disagree";
  return show(errors);
}

template <class T>
std::string errors_in_form(std::string_view pairs) {
  detail::FieldErrors errors;
  const auto value = detail::read_form<T>(pairs, errors);
  if (value.has_value() != errors.empty()) return "value and errors disagree";
  return show(errors);
}

template <class T>
std::string json_of(const T& value) {
  std::string out;
  to_json(out, value);
  return out;
}

}  // namespace sallyport::schema_test

// An input has no view, so what was read is shown through twins: the same fields under another type.
namespace sallyport::schema_test {
struct TagShown {
  Line<1, 20> label;
  Maybe<Int<0, 9>> weight;
};
struct EverythingShown {
  Text<1, 40> title;
  Maybe<Line<0, 10>> subtitle;
  Email email;
  Id<Tag> tag;
  Int<-5, 500> count;
  std::int8_t tiny;
  std::uint64_t wide;
  Real<-1000, 1000> share;
  double any;
  bool on;
  Role role;
  Maybe<Role> other_role;
  std::vector<TagShown> tags;
  std::vector<bool> flags;
  std::vector<Int<0, 1000>> numbers;
  Maybe<TagShown> best;
};
}  // namespace sallyport::schema_test

template <>
struct sallyport::view<sallyport::schema_test::TagShown> {
  using T = sallyport::schema_test::TagShown;
  using show = fields<&T::label, &T::weight>;
};
template <>
struct sallyport::view<sallyport::schema_test::EverythingShown> {
  using T = sallyport::schema_test::EverythingShown;
  using show = fields<&T::title, &T::subtitle, &T::email, &T::tag, &T::count, &T::tiny, &T::wide, &T::share, &T::any,
                      &T::on, &T::role, &T::other_role, &T::tags, &T::flags, &T::numbers, &T::best>;
};

namespace sallyport::schema_test {
inline EverythingShown shown(const Everything& e) {
  const auto tag = [](const Tag& t) { return TagShown{t.label, t.weight}; };
  std::vector<TagShown> tags;
  for (const Tag& t : e.tags) tags.push_back(tag(t));
  return {e.title,         e.subtitle, e.email,   e.tag,
          e.count,         e.tiny,     e.wide,    e.share,
          e.any,           e.on,       e.role,    e.other_role,
          std::move(tags), e.flags,    e.numbers, e.best ? Maybe<TagShown>(tag(*e.best)) : Maybe<TagShown>()};
}
}  // namespace sallyport::schema_test
