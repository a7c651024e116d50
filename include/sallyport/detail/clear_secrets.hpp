// Secrets of a service in texts that handlers share: found by the names of their fields.
#pragma once

#include <sallyport/detail/shared_state.hpp>
#include <sallyport/locked.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/not_secret.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/view.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

template <class T>
inline constexpr bool is_byte = std::same_as<T, char> || std::same_as<T, unsigned char> || std::same_as<T, std::byte>;

/// A list, an optional, a map, a lock: what is looked into.
template <class T>
struct Inside {
  static constexpr bool exists = false;
};
template <class T>
  requires requires { typename T::value_type; }
struct Inside<T> {
  static constexpr bool exists = true;
  using Type = std::remove_const_t<typename T::value_type>;
};
template <class T>
struct Inside<std::optional<T>> {
  static constexpr bool exists = true;
  using Type = T;
};
template <class T>
struct Inside<Maybe<T>> : Inside<std::optional<T>> {};
template <class T>
struct Inside<Locked<T>> : Inside<std::optional<T>> {};
template <class T, std::size_t N>
struct Inside<T[N]> : Inside<std::optional<std::remove_cv_t<T>>> {};
template <class Key, class T>
struct Inside<std::pair<Key, T>> : Inside<std::optional<T>> {};

/// Text or bytes, alone or inside of something: what a secret is kept in.
template <class T>
consteval bool is_plain_text() {
  if constexpr (SecretType<T>) {
    return false;
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return true;
  } else if constexpr (requires(const T& text) {
                         { text.view() } -> std::convertible_to<std::string_view>;
                       }) {
    return true;
  } else if constexpr (Inside<T>::exists) {
    return is_byte<typename Inside<T>::Type> || is_plain_text<typename Inside<T>::Type>();
  } else {
    return false;
  }
}

template <class T, std::size_t... I>
consteval bool each_by_one(std::index_sequence<I...>) {
  return requires { T(((void)I, AnyField{})...); };
}
/// A plain struct whose fields are counted right: in braces a C array would count for as many as it has elements.
template <class T>
concept FieldsKnown =
    LooksPlain<T> && (count_fields<T>() <= 1 || each_by_one<T>(std::make_index_sequence<count_fields<T>()>{}));

/// Whether a field of `T`, at any depth, is called like a secret and is a text, which could be logged, shown or stored.
template <class T, class... Above>
consteval bool keeps_secret_in_clear() {
  if constexpr (SecretType<T> || (std::same_as<T, Above> || ...)) {
    return false;
  } else if constexpr (Inside<T>::exists) {
    return keeps_secret_in_clear<typename Inside<T>::Type, T, Above...>();
  } else if constexpr (FieldsKnown<T>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return ((is_plain_text<std::remove_const_t<FieldType<T, I>>>() &&
               looks_secret<FieldType<T, I>>(field_names<T>[I]) &&
               !std::is_base_of_v<ExcusedField<T, I>, not_secret<T>>) ||
              ...) ||
             (keeps_secret_in_clear<std::remove_const_t<FieldType<T, I>>, T, Above...>() || ...);
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return false;
  }
}

}  // namespace sallyport::detail
