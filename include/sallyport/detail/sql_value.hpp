// Values on their way into and out of a database: what a `?` can be bound to, and what a column holds.
#pragma once

#include <sallyport/detail/compiler.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/time.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport::detail {

/// One value as a driver sees it. Text and bytes are views: of an argument, or of the row being read.
struct SqlValue {
  enum class Kind : unsigned char {
    null,
    integer,
    real,
    text,
    blob,
    list,    // as many values as `integer` says follow: those of one ?...
    choice,  // `bytes`: the column that stands for {}
  };
  Kind kind = Kind::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string_view bytes;  ///< of text, blob and choice
};

template <class T>
struct OptionalOf {};
template <class T>
struct OptionalOf<std::optional<T>> {
  using Value = T;
};
template <class T>
struct OptionalOf<Maybe<T>> {
  using Value = T;
};
template <class T>
concept SqlOptional = requires { typename OptionalOf<T>::Value; };

// Numbers, and not what only looks like one: a char is a letter.
template <class T>
concept SqlInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                     !std::same_as<T, wchar_t> && !std::same_as<T, char8_t> && !std::same_as<T, char16_t> &&
                     !std::same_as<T, char32_t> && sizeof(T) <= sizeof(std::int64_t);

template <class T>
concept SqlSecret = requires { typename T::is_secret; };

template <class T>
inline constexpr std::size_t char_array_size = 0;
template <std::size_t N>
inline constexpr std::size_t char_array_size<char[N]> = N;

// std::string and std::string_view. A pointer is refused: it may be null, and may have no end.
template <class T>
concept SqlText = std::convertible_to<const T&, std::string_view> && !std::is_pointer_v<T> &&
                  !std::is_null_pointer_v<T> && !std::is_array_v<T>;

// A constrained text: Text<1, 200>, Email, LikePattern …
template <class T>
concept SqlViewed = requires(const T& value) {
  { value.view() } -> std::convertible_to<std::string_view>;
};

template <class T>
concept SqlId = requires(const T& value) {
  { value.bytes() } -> std::convertible_to<std::span<const unsigned char>>;
};
// A number with a range: Int<1, 100>, Real<0, 1>.
template <class T>
concept SqlRanged = requires(const T& number) {
  { number.value() } -> std::convertible_to<double>;
  { T::of(number.value()) } -> std::same_as<std::optional<T>>;
};
template <class T>
concept SqlBytes = std::convertible_to<const T&, std::span<const unsigned char>>;

// Several values of one type for `IN (?...)`, which are no bytes and no text.
template <class T>
concept SqlListed = requires(const T& list) {
  { list.size() } -> std::convertible_to<std::size_t>;
  *list.begin();
  list.end();
} && !SqlText<T> && !SqlBytes<T> && !SqlViewed<T>;

// One of several columns, for {}.
template <class T>
concept SqlChoice = requires(const T& choice) {
  { choice.sql_choice() } -> std::same_as<std::string_view>;
};

template <class T>
struct Bindable : std::bool_constant<!SqlSecret<T> &&
                                     (SqlInteger<T> || std::same_as<T, bool> || std::floating_point<T> ||
                                      std::is_enum_v<T> || is_system_time<T> || char_array_size<T> != 0 || SqlText<T> ||
                                      SqlViewed<T> || SqlRanged<T> || SqlId<T> || SqlBytes<T> || SqlChoice<T>)> {};
template <class T>
struct Bindable<std::optional<T>> : Bindable<T> {};
template <class T>
struct Bindable<Maybe<T>> : Bindable<T> {};
template <>
struct Bindable<std::nullopt_t> : std::true_type {};
template <SqlListed T>
struct Bindable<T> : Bindable<std::remove_cvref_t<decltype(*std::declval<const T&>().begin())>> {};

template <class T>
struct SecretArgument : std::bool_constant<SqlSecret<T>> {};
template <class T>
struct SecretArgument<std::optional<T>> : SecretArgument<T> {};
template <class T>
struct SecretArgument<Maybe<T>> : SecretArgument<T> {};

/// Throw DatabaseError: SQLite has no such number (an integer above 2⁶³-1; NaN, which it would store as NULL).
[[noreturn]] void refuse_number();

inline SqlValue text_value(std::string_view text) {
  SqlValue value;
  value.kind = SqlValue::Kind::text;
  value.bytes = text;
  return value;
}
inline SqlValue integer_value(std::int64_t number) {
  SqlValue value;
  value.kind = SqlValue::Kind::integer;
  value.integer = number;
  return value;
}
inline SqlValue real_value(double number) {
  if (number != number) refuse_number();
  SqlValue value;
  value.kind = SqlValue::Kind::real;
  value.real = number;
  return value;
}
inline SqlValue blob_value(std::span<const unsigned char> bytes) {
  SqlValue value;
  value.kind = SqlValue::Kind::blob;
  value.bytes = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  return value;
}

/// The value that `argument` is bound as; a view of it.
template <class T>
SqlValue sql_value(const T& argument) {
  if constexpr (std::same_as<T, std::nullopt_t>) {
    return {};
  } else if constexpr (SqlChoice<T>) {
    SqlValue value;
    value.kind = SqlValue::Kind::choice;
    value.bytes = argument.sql_choice();
    return value;
  } else if constexpr (SqlOptional<T>) {
    return argument ? sql_value(*argument) : SqlValue{};
  } else if constexpr (std::is_enum_v<T>) {
    return sql_value(static_cast<std::underlying_type_t<T>>(argument));
  } else if constexpr (std::same_as<T, bool>) {
    return integer_value(argument ? 1 : 0);
  } else if constexpr (std::integral<T>) {
    if (!std::in_range<std::int64_t>(argument)) refuse_number();
    return integer_value(static_cast<std::int64_t>(argument));
  } else if constexpr (std::floating_point<T>) {
    return real_value(static_cast<double>(argument));
  } else if constexpr (is_system_time<T>) {
    return integer_value(std::chrono::floor<std::chrono::milliseconds>(argument).time_since_epoch().count());
  } else if constexpr (char_array_size<T> != 0) {
    const std::string_view all(argument, char_array_size<T>);
    return text_value(all.substr(0, all.find('\0')));
  } else if constexpr (SqlText<T>) {
    return text_value(argument);
  } else if constexpr (SqlViewed<T>) {
    return text_value(argument.view());
  } else if constexpr (SqlRanged<T>) {
    return sql_value(argument.value());
  } else if constexpr (SqlId<T>) {
    if constexpr (requires { argument.used_as_proof(); }) argument.used_as_proof();
    return blob_value(argument.bytes());
  } else {
    return blob_value(argument);
  }
}

/// The most values of one `?...`.
inline constexpr std::size_t most_listed = 100;
[[noreturn]] void refuse_list();

/// Adds the value, or all of a list behind their number.
template <class T>
void append_values(std::vector<SqlValue>& values, const T& argument) {
  if constexpr (SqlListed<T>) {
    if (argument.size() > most_listed) refuse_list();
    SqlValue list;
    list.kind = SqlValue::Kind::list;
    list.integer = static_cast<std::int64_t>(argument.size());
    values.push_back(list);
    for (const auto& each : argument) values.push_back(sql_value(each));
  } else {
    values.push_back(sql_value(argument));
  }
}

}  // namespace sallyport::detail
