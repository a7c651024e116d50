// A string literal as a template argument.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// The characters of a string literal in a form that can be a template argument: `template <FixedString Text>`.
/// Only constant expressions convert to it, so text that exists at run time only can't get in. The array has room for
/// the terminating NUL, which `view()` leaves out.
template <std::size_t N>
struct FixedString {
  char text[N]{};

  consteval FixedString(const char (&literal)[N]) {  // NOLINT(google-explicit-constructor)
    if (literal[N - 1] != '\0') throw "LIT-001: write a string literal here (this array has no terminating NUL)";
    for (std::size_t i = 0; i < N; ++i) text[i] = literal[i];
  }

  static constexpr std::size_t size = N - 1;
  constexpr std::string_view view() const { return {text, N - 1}; }
};

}  // namespace sallyport::detail
