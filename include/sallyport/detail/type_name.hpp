// The name of a type as people write it.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

template <class T>
consteval std::string_view pretty_type() {
  return __PRETTY_FUNCTION__;
}

// `… [with T = notes::Note; std::string_view = …]` (g++) or `… [T = notes::Note]` (clang): from the last `::` outside of brackets on.
consteval std::string_view short_type_name(std::string_view pretty) {
  pretty.remove_prefix(pretty.find("T = ") + 4);
  std::size_t begin = 0;
  std::size_t end = 0;
  int open = 0;
  for (; end < pretty.size(); ++end) {
    const char c = pretty[end];
    if (open == 0 && (c == ';' || c == ']')) break;
    if (c == '<' || c == '(' || c == '{' || c == '[') ++open;
    if (c == '>' || c == ')' || c == '}' || c == ']') --open;
    if (open == 0 && c == ':') begin = end + 1;
  }
  return pretty.substr(begin, end - begin);
}

/// The name of a type as its own namespace writes it: "Note".
template <class T>
inline constexpr std::string_view type_name = short_type_name(pretty_type<T>());

}  // namespace sallyport::detail
