// The names of an enum's values without macros, cut from what the compiler prints.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <array>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

// 64 values are looked at, from -1 on where the underlying type has a sign: one printed list instead of 64
// instantiations keeps compiling quick.
template <class E>
inline constexpr int first_enum_value = std::is_signed_v<std::underlying_type_t<E>> ? -1 : 0;
template <class E>
inline constexpr std::size_t enum_values = std::is_same_v<std::underlying_type_t<E>, bool> ? 2 : 64;

template <auto... Values>
consteval std::string_view print_values() {
  return __PRETTY_FUNCTION__;
}

template <class E, std::size_t... I>
consteval std::string_view print_enum(std::index_sequence<I...>) {
  return print_values<static_cast<E>(static_cast<int>(I) + first_enum_value<E>)...>();
}

template <class E>
struct NamedValues {
  std::array<std::string_view, enum_values<E>> name{};
  std::array<E, enum_values<E>> value{};
  std::size_t count = 0;
};

// The list reads `…Values = {Role::member, ns::Role::admin, (Role)2}` (g++) or `…Values = <Role::member, …, (Role)2>`
// (clang): split at the commas outside brackets, take the last word of each part; no value's name begins with a
// digit.
template <class E>
consteval NamedValues<E> find_enum_names() {
  NamedValues<E> found;
  std::string_view list = print_enum<E>(std::make_index_sequence<enum_values<E>>{});
  list = list.substr(list.find("Values = ") + 10);
  std::size_t begin = 0;
  int open = 0;
  std::size_t index = 0;
  for (std::size_t i = 0; i < list.size() && index < enum_values<E>; ++i) {
    const char c = list[i];
    const bool ends = open == 0 && (c == ',' || c == '}' || c == '>');
    if (!ends) {
      if (c == '<' || c == '(' || c == '{') ++open;
      if (c == '>' || c == ')' || c == '}') --open;
      continue;
    }
    const std::string_view part = list.substr(begin, i - begin);
    std::size_t word = part.size();
    while (word > 0 &&
           (part[word - 1] == '_' || (part[word - 1] >= '0' && part[word - 1] <= '9') ||
            (part[word - 1] >= 'a' && part[word - 1] <= 'z') || (part[word - 1] >= 'A' && part[word - 1] <= 'Z'))) {
      --word;
    }
    const std::string_view name = part.substr(word);
    if (!name.empty() && !(name[0] >= '0' && name[0] <= '9')) {
      found.name[found.count] = name;
      found.value[found.count] = static_cast<E>(static_cast<int>(index) + first_enum_value<E>);
      ++found.count;
    }
    begin = i + 1;
    ++index;
  }
  return found;
}

/// The named values of the scoped enum `E` from -1 (0 if unsigned) to 62, in order of value.
template <class E>
inline constexpr NamedValues<E> enum_names = find_enum_names<E>();

/// The name of a value, empty when it has none (or lies outside -1 … 62).
template <class E>
constexpr std::string_view enum_name(E value) noexcept {
  for (std::size_t i = 0; i < enum_names<E>.count; ++i) {
    if (enum_names<E>.value[i] == value) return enum_names<E>.name[i];
  }
  return {};
}

}  // namespace sallyport::detail
