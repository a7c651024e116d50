// What a type is without the optionals and lists around it, and whether its bytes belong to something else.
#pragma once

#include <sallyport/maybe.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sallyport {

template <class T, std::size_t Max>
class List;
template <class T>
class Rows;

namespace detail {

template <class T>
struct Plain {
  using Type = T;
};
template <class T>
struct Plain<std::optional<T>> : Plain<std::remove_const_t<T>> {};
template <class T>
struct Plain<Maybe<T>> : Plain<T> {};
template <class T, class A>
struct Plain<std::vector<T, A>> : Plain<T> {};
template <class T, std::size_t Max>
struct Plain<List<T, Max>> : Plain<T> {};
template <class T>
struct Plain<Rows<T>> : Plain<T> {};

/// `T` without the optionals and lists around it.
template <class T>
using PlainType = typename Plain<std::remove_cvref_t<T>>::Type;

template <class T>
inline constexpr bool is_a_view = std::is_pointer_v<T> || std::is_reference_v<T> || std::is_array_v<T>;
template <class Char, class Traits>
inline constexpr bool is_a_view<std::basic_string_view<Char, Traits>> = true;
template <class T, std::size_t Extent>
inline constexpr bool is_a_view<std::span<T, Extent>> = true;

/// std::reference_wrapper and its like.
template <class T>
concept Refers = requires(const T& reference) {
  { reference.get() } -> std::same_as<typename T::type&>;
};

/// Its bytes belong to something else: a view, alone or in a list or optional.
template <class T>
concept ViewsOthers = is_a_view<PlainType<T>> || Refers<PlainType<T>>;

template <class T>
inline constexpr bool is_std_optional = false;
template <class T>
inline constexpr bool is_std_optional<std::optional<T>> = true;

}  // namespace detail
}  // namespace sallyport
