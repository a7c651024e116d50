// Lists of types.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <concepts>
#include <cstddef>
#include <type_traits>

namespace sallyport::detail {

template <class... T>
struct Types {
  static constexpr std::size_t size = sizeof...(T);
};
template <class T, class List>
inline constexpr std::size_t times_among = 0;
template <class T, class... U>
inline constexpr std::size_t times_among<T, Types<U...>> = (std::size_t{0} + ... + (std::same_as<T, U> ? 1 : 0));
template <class T, class List>
inline constexpr bool is_among = times_among<T, List> != 0;

/// The place of the first `T`; how many there are where it is none of them.
template <class T, class... U>
consteval std::size_t place_among(Types<U...>) {
  std::size_t place = 0;
  bool found = false;
  ((found = found || std::same_as<T, U>, place += found ? 0 : 1), ...);
  return place;
}

template <class List, class... More>
struct Distinct {
  using Type = List;
};
template <class... T, class First, class... More>
struct Distinct<Types<T...>, First, More...>
    : Distinct<std::conditional_t<is_among<First, Types<T...>>, Types<T...>, Types<T..., First>>, More...> {};
/// Each once, in the order of the first.
template <class... T>
using DistinctTypes = typename Distinct<Types<>, T...>::Type;

}  // namespace sallyport::detail
