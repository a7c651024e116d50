// Where a secret may stand in a request: in a body, and a password once.
#pragma once

#include <sallyport/one_time_code.hpp>
#include <sallyport/schema.hpp>

#include <concepts>
#include <cstddef>
#include <utility>

namespace sallyport::detail {

/// How many of `Wanted` one value of `T` can bring; a list of them counts as two. `Above` are the structs around this one.
template <class Wanted, class T, class... Above>
consteval std::size_t count_of() {
  if constexpr (std::same_as<T, Wanted>) {
    return 1;
  } else if constexpr (ElementOf<T>::exists) {
    return count_of<Wanted, typename ElementOf<T>::Type, Above...>() * (ElementOf<T>::optional ? 1 : 2);
  } else if constexpr (PlainStruct<T> && !(std::same_as<T, Above> || ...)) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (std::size_t{0} + ... + count_of<Wanted, FieldType<T, I>, T, Above...>());
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return 0;
  }
}

template <class T>
consteval bool one_password() {
  static_assert(
      count_of<Password, T>() <= 1,
      "SEC-007: an input holds one sp::Password: an attempt is counted as one guess, and a second one would not be. "
      "For a change of password take sp::Password and sp::NewPassword");
  return true;
}

template <class T>
inline constexpr bool is_one_time_code = false;
template <std::size_t Digits>
inline constexpr bool is_one_time_code<OneTimeCode<Digits>> = true;

// Of a query or a path, whose fields are no structs: whether one, or an element of it, is `Wanted`.
template <template <class> class Wanted, class T>
consteval bool holds_any() {
  if constexpr (ElementOf<T>::exists) {
    return holds_any<Wanted, typename ElementOf<T>::Type>();
  } else if constexpr (PlainStruct<T>) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (holds_any<Wanted, FieldType<T, I>>() || ...);
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return Wanted<T>::value;
  }
}
template <class T>
struct IsCode : std::bool_constant<is_one_time_code<T>> {};
template <class T>
struct IsSecret : std::bool_constant<SecretType<T>> {};

template <class T>
consteval bool no_password() {
  static_assert(
      !holds_any<IsCode, T>(),
      "SEC-008: a one-time code stands in a body, sp::Body<T> or sp::Form<T>: addresses are kept in logs, histories "
      "and Referer fields");
  static_assert(
      count_of<Password, T>() + count_of<NewPassword, T>() == 0,
      "SEC-008: a password stands in a body, sp::Body<T> or sp::Form<T>: addresses are kept in logs, histories and "
      "Referer fields");
  static_assert(
      holds_any<IsCode, T>() || count_of<Password, T>() + count_of<NewPassword, T>() > 0 || !holds_any<IsSecret, T>(),
      "SEC-008: a secret (`using is_secret = void;`) stands in a body, sp::Body<T> or sp::Form<T>: addresses are kept "
      "in "
      "logs, histories and Referer fields");
  return true;
}

}  // namespace sallyport::detail
