// Arguments that are not literals: constructors refuse them with a message.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <concepts>
#include <type_traits>

namespace sallyport::detail {

/// For the second constructor of a `Type` that is made of a literal (`const char (&)[N]`): it takes every other argument, to
/// refuse it with a sentence. An rvalue of the type `const char* const` is left out, since it does not occur in practice
/// and g++ 14 asks with one whether the list of a `std::vector<Type>{"one"}` can be made from an array of pointers; the
/// question alone would be refused.
template <class Argument, class Type>
concept NotALiteral = !std::same_as<std::remove_cvref_t<Argument>, Type> && !std::same_as<Argument, const char* const>;

}  // namespace sallyport::detail
