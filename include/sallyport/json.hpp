// to_json: values to JSON text, through their views.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sallyport/detail/enum_names.hpp>
#include <sallyport/detail/reason.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/id.hpp>
#include <sallyport/time.hpp>
#include <sallyport/view.hpp>

namespace sallyport {
namespace detail {

// A quoted JSON string. `<`, `>`, `&`, U+2028 and U+2029 are escaped, so that the text is harmless in HTML and scripts
// too; bytes that are not UTF-8 become U+FFFD.
void append_json_text(std::string& out, std::string_view text);
void append_json_integer(std::string& out, std::int64_t value);
void append_json_unsigned(std::string& out, std::uint64_t value);
// The shortest text that reads back as the same double; `null` for NaN and the infinities, which JSON lacks.
void append_json_real(std::string& out, double value);
void append_json_id(std::string& out, const IdBytes& bytes);

template <class T>
concept ShowsText = requires(const T& value) {
  { value.view() } -> std::same_as<std::string_view>;
};
template <class T>
concept IsSequence = !std::same_as<PlainType<T>, T> && requires(const T& value) {
  value.begin();
  value.size();
};

// `{"title":` or `,"title":`, joined at compile time.
template <auto Pointer, bool First>
struct MemberPrefix {
  static constexpr std::string_view name = member_name<Pointer>;
  static constexpr std::array<char, name.size() + 4> text = [] {
    std::array<char, name.size() + 4> joined{};
    joined[0] = First ? '{' : ',';
    joined[1] = '"';
    for (std::size_t i = 0; i < name.size(); ++i) joined[2 + i] = name[i];
    joined[2 + name.size()] = '"';
    joined[3 + name.size()] = ':';
    return joined;
  }();
};

template <class T>
void append_json(std::string& out, const T& value);

template <class T, auto First, auto... Rest>
void append_members(std::string& out, const T& object, const fields<First, Rest...>*) {
  out.append(MemberPrefix<First, true>::text.data(), MemberPrefix<First, true>::text.size());
  append_json(out, object.*First);
  ((out.append(MemberPrefix<Rest, false>::text.data(), MemberPrefix<Rest, false>::text.size()),
    append_json(out, object.*Rest)),
   ...);
  out.push_back('}');
}
template <class T>
void append_members(std::string& out, const T&, const fields<>*) {
  out.append("{}");
}

template <class T>
struct IdOf {
  static constexpr bool is = false;
};
template <class T>
struct IdOf<Id<T>> {
  static constexpr bool is = true;
};

template <class T>
void append_json(std::string& out, const T& value) {
  if constexpr (HoldsSecret<T>) {
    static_assert(!HoldsSecret<T>, "OUT-004: a secret is never sent: leave it out of the answer");
  } else if constexpr (ViewsOthers<T>) {
    static_assert(!ViewsOthers<T>,
                  "OUT-008: an answer owns what it shows: write std::string (or std::vector): what a view, span or "
                  "pointer looks at may be gone when the answer is written");
  } else if constexpr (std::same_as<T, bool>) {
    out.append(value ? "true" : "false");
  } else if constexpr (std::floating_point<T>) {
    append_json_real(out, static_cast<double>(value));
  } else if constexpr (std::is_integral_v<T>) {
    static_assert(!std::same_as<T, char>, "OUT-005: a char is neither number nor text: use std::string or int");
    if constexpr (std::is_signed_v<T>) {
      append_json_integer(out, value);
    } else {
      append_json_unsigned(out, value);
    }
  } else if constexpr (std::is_enum_v<T>) {
    append_json_text(out, enum_name(value));
  } else if constexpr (IdOf<T>::is) {
    append_json_id(out, value.bytes());
  } else if constexpr (is_system_time<T>) {
    const std::string text = time_text(value);
    if (text.empty()) {
      out.append("null");
    } else {
      append_json_text(out, text);
    }
  } else if constexpr (std::same_as<T, std::string>) {
    append_json_text(out, value);
  } else if constexpr (ShowsText<T>) {
    append_json_text(out, value.view());
  } else if constexpr (requires {
                         { value.has_value() } -> std::same_as<bool>;
                         *value;
                       }) {
    if (value.has_value()) {
      append_json(out, *value);
    } else {
      out.append("null");
    }
  } else if constexpr (IsSequence<T>) {
    char separator = '[';
    for (const typename T::value_type& element : value) {
      out.push_back(separator);
      append_json(out, element);
      separator = ',';
    }
    if (separator == '[') out.push_back('[');
    out.push_back(']');
  } else if constexpr (requires { T::of(value.value()); }) {  // Int, Real
    append_json(out, value.value());
  } else {
    static_assert(check_view<T>());
    if constexpr (Viewed<T>) append_members(out, value, static_cast<const typename view<T>::show*>(nullptr));
  }
}

}  // namespace detail

/// Appends `value` to `out` as JSON: a type with a `view`, or a list or optional of such. Numbers, texts, ids, points in
/// time (RFC 3339) and enums (by name) stand inside. Never fails: bytes that are not UTF-8 are replaced, values that JSON can't represent
/// become `null`.
template <class T>
void to_json(std::string& out, const T& value) {
  detail::append_json(out, value);
}

/// JSON, as a piece of a `Stream<"application/json">`: made of values, so that no text in them begins another member. Literals may stand before
/// and behind it: `co_yield sp::json(note) + ",\n";`.
class JsonText {
 public:
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::string take() && noexcept { return std::move(text_); }

  template <std::size_t N>
  friend JsonText operator+(JsonText json, const char (&literal)[N]) {
    json.text_.append(literal, N - 1);
    return json;
  }
  template <std::size_t N>
  friend JsonText operator+(const char (&literal)[N], JsonText json) {
    json.text_.insert(0, literal, N - 1);
    return json;
  }

 private:
  template <class T>
  friend JsonText json(const T& value);
  template <detail::FixedString Why>
  friend JsonText json_as_is(std::string text);
  explicit JsonText(std::string text) noexcept : text_(std::move(text)) {}
  std::string text_;
};

/// A value with a `view`, or a list or optional of such, as JSON.
template <class T>
[[nodiscard]] JsonText json(const T& value) {
  std::string text;
  to_json(text, value);
  return JsonText(std::move(text));
}

/// Text that is JSON already, such as that of a column in which the database keeps JSON: `sp::json_as_is<"SQLite made it with json_object">(row)`.
template <detail::FixedString Why>
[[nodiscard]] JsonText json_as_is(std::string text) {
  static_assert(detail::is_reason(Why.view()), "OUT-011: say in some words why this text is JSON: who made it");
  return JsonText(std::move(text));
}

}  // namespace sallyport
