// Literals that the compiler has read, and arguments that are none: constructors refuse them with a message.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace sallyport::detail {

/// For the second constructor of a `Type` that is made of a literal (`const char (&)[N]`): it takes every other argument, to
/// refuse it with a sentence. An rvalue of the type `const char* const` is left out, since it does not occur in practice
/// and g++ 14 asks with one whether the list of a `std::vector<Type>{"one"}` can be made from an array of pointers; the
/// question alone would be refused.
template <class Argument, class Type>
concept NotALiteral = !std::same_as<std::remove_cvref_t<Argument>, Type> && !std::same_as<Argument, const char* const>;

/// A base of what only a constant expression may make: it is not trivially copyable, so that `std::bit_cast` can't make one of other
/// bytes.
class NoBitCast {
 protected:
  constexpr NoBitCast() noexcept = default;
  constexpr NoBitCast(const NoBitCast&) noexcept {}
  constexpr NoBitCast& operator=(const NoBitCast&) noexcept { return *this; }
  ~NoBitCast() = default;
};

/// The text of a literal. Every character is read while compiling: a buffer, even a static one whose address is a constant, is none.
class LiteralText : NoBitCast {
 public:
  constexpr LiteralText() noexcept = default;
  template <std::size_t N>
  consteval explicit LiteralText(const char (&literal)[N]) : text_(literal, N - 1) {
    if (literal[N - 1] != '\0') throw "LIT-001: write a string literal here (this array has no terminating NUL)";
    for (const char c : text_) {  // LIT-001: write a "literal" here: this text is not known while compiling
      if (c == '\0') throw "LIT-001: write a string literal here (this array has a NUL inside)";
    }
  }

  [[nodiscard]] constexpr std::string_view view() const noexcept { return text_; }

 private:
  std::string_view text_;
};

}  // namespace sallyport::detail
