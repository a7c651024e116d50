// JSON as a test reads it: values by pointer, compared with what is expected, or read into a struct.
#pragma once

#include <sallyport/detail/enum_names.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/view.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport::test {

/// Thrown where an answer is not what the test asks for. Every test framework shows `what()` of an exception that leaves a test.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Json;

namespace detail {

template <class T>
struct ValueInside {};
template <class T>
struct ValueInside<std::optional<T>> {
  using Type = T;
};
template <class T>
struct ValueInside<Maybe<T>> {
  using Type = T;
};
template <class T>
concept PerhapsOne = requires { typename ValueInside<T>::Type; };

template <class T>
struct ElementInside {};
template <class T>
struct ElementInside<std::vector<T>> {
  using Type = T;
};
template <class T>
concept ListOfValues = requires { typename ElementInside<T>::Type; };

template <class T>
concept IntegerValue = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

template <class T>
concept NumberType = requires { T::of(std::int64_t{}); };

/// Whether `view<T>` keeps the member called `name` from clients.
template <class T>
bool is_hidden(std::string_view name) {
  bool found = false;
  if constexpr (requires { typename view<T>::hidden; }) {
    const auto look = [&]<auto... Members>(fields<Members...>) {
      found = ((sallyport::detail::member_name<Members> == name) || ...);
    };
    look(typename view<T>::hidden{});
  }
  return found;
}

}  // namespace detail

/// A JSON value. What is asked for and not there throws `Failure`, which shows the whole.
class Json {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, real, text, list, object };
  using Member = std::pair<std::string, Json>;

  /// null
  Json() = default;
  /// Throws `Failure` for what is no JSON.
  [[nodiscard]] static Json parse(std::string_view text);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_null() const noexcept { return kind_ == Kind::null; }

  /// The value at a pointer (RFC 6901): `"/errors/0/code"`; the whole for `""`.
  [[nodiscard]] const Json& at(std::string_view pointer) const;
  /// Null where there is none.
  [[nodiscard]] const Json* find(std::string_view pointer) const noexcept;
  [[nodiscard]] bool has(std::string_view pointer) const noexcept { return find(pointer) != nullptr; }

  /// Of a list or an object: how many; of anything else 0.
  [[nodiscard]] std::size_t size() const noexcept {
    return kind_ == Kind::list ? elements_.size() : kind_ == Kind::object ? members_.size() : 0;
  }
  /// Of a list.
  [[nodiscard]] auto begin() const noexcept { return elements_.begin(); }
  [[nodiscard]] auto end() const noexcept { return elements_.end(); }
  /// Of an object, in the order of the document.
  [[nodiscard]] const std::vector<Member>& members() const noexcept { return members_; }

  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] double real() const;
  [[nodiscard]] bool boolean() const;

  /// A struct of its members, under their C++ names: numbers, texts, `bool`, enums by name, `std::optional`, `Maybe`, `std::vector`, types that
  /// `parse`, structs of these. What `view<T>` hides stays as it is made.
  template <class T>
  [[nodiscard]] T as() const {
    return read<T>();
  }

  /// As JSON on one line.
  [[nodiscard]] std::string dump() const;

  friend bool operator==(const Json& value, std::string_view text) {
    return value.kind_ == Kind::text && value.text_ == text;
  }
  template <std::same_as<bool> Boolean>
  friend bool operator==(const Json& value, Boolean other) {
    return value.kind_ == Kind::boolean && value.boolean_ == other;
  }
  template <detail::IntegerValue Integer>
  friend bool operator==(const Json& value, Integer other) {
    return value.kind_ == Kind::integer && std::cmp_equal(value.integer_, other);
  }
  template <std::floating_point Real>
  friend bool operator==(const Json& value, Real other) {
    return (value.kind_ == Kind::real || value.kind_ == Kind::integer) && value.real() == static_cast<double>(other);
  }
  friend bool operator==(const Json& value, std::nullptr_t) { return value.is_null(); }
  friend bool operator==(const Json& a, const Json& b);
  friend std::ostream& operator<<(std::ostream& out, const Json& value);

 private:
  struct Reader;

  [[noreturn]] void is_no(std::string_view wanted) const;
  [[noreturn]] static void lacks(std::string_view member, const Json& whole);

  template <class T>
  T read() const;
  template <class T, std::size_t... I>
  T read_struct(std::index_sequence<I...>) const;
  template <class T, class Field>
  Field read_member(std::string_view name) const;

  Kind kind_ = Kind::null;
  bool boolean_ = false;
  std::int64_t integer_ = 0;
  double real_ = 0;
  std::string text_;
  std::vector<Json> elements_;
  std::vector<Member> members_;
};

template <class T>
T Json::read() const {
  if constexpr (std::same_as<T, bool>) {
    return boolean();
  } else if constexpr (detail::IntegerValue<T>) {
    const std::int64_t value = integer();
    if (!std::in_range<T>(value)) is_no("number that fits");
    return static_cast<T>(value);
  } else if constexpr (std::floating_point<T>) {
    return static_cast<T>(real());
  } else if constexpr (std::same_as<T, std::string>) {
    return text();
  } else if constexpr (std::is_enum_v<T>) {
    constexpr const auto& names = sallyport::detail::enum_names<T>;
    for (std::size_t i = 0; i < names.count; ++i) {
      if (names.name[i] == text()) return names.value[i];
    }
    is_no("name of an enum's value");
  } else if constexpr (detail::PerhapsOne<T>) {
    return is_null() ? T() : T(read<typename detail::ValueInside<T>::Type>());
  } else if constexpr (detail::ListOfValues<T>) {
    if (kind_ != Kind::list) is_no("list");
    T values;
    for (const Json& each : elements_) values.push_back(each.read<typename detail::ElementInside<T>::Type>());
    return values;
  } else if constexpr (sallyport::detail::ParsesItself<T>) {
    Parsed<T> parsed = T::parse(text());
    if (!parsed) is_no("text that the type takes");
    return std::move(*parsed);
  } else if constexpr (detail::NumberType<T>) {
    auto number = T::of(integer());
    if (!number) is_no("number in its range");
    return *number;
  } else {
    static_assert(std::is_aggregate_v<T>,
                  "json<T>() reads plain structs: read this one by its pointer, json(\"/name\")");
    if (kind_ != Kind::object) is_no("object");
    return read_struct<T>(std::make_index_sequence<sallyport::detail::field_count<T>>{});
  }
}

template <class T, std::size_t... I>
T Json::read_struct(std::index_sequence<I...>) const {
  using Fields = decltype(sallyport::detail::tie_fields(std::declval<T&>()));
  return T{
      read_member<T, std::remove_cvref_t<std::tuple_element_t<I, Fields>>>(sallyport::detail::field_name<T, I>())...};
}

template <class T, class Field>
Field Json::read_member(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.first == name) return member.second.read<Field>();
  }
  if constexpr (std::is_default_constructible_v<Field>) {
    if (detail::PerhapsOne<Field> || detail::is_hidden<T>(name)) return Field();
  }
  lacks(name, *this);
}

}  // namespace sallyport::test
