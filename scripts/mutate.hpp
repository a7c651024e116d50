// What scripts/mutate compiles into a file, so that one program holds nearly all of its mutants. The variable SALLYPORT_MUTANT names
// the one that acts; without it the program does what the file says. Each form binds as tightly as what it stands for, so that
// nothing else of an expression has to change: a < b becomes a < Less<7>{} < b.
#pragma once

#include <cstdlib>
#include <type_traits>
#include <utility>

namespace sallyport_mutant {

inline const int chosen = [] {
  const char* const number = std::getenv("SALLYPORT_MUTANT");
  return number ? std::atoi(number) : 0;
}();

/// Never while compiling: scripts/mutate compiles such a mutant by itself.
template <int id>
constexpr bool acts() noexcept {
  return !std::is_constant_evaluated() && chosen == id;
}

/// A number or a truth value.
template <int id, class Was, class Now>
constexpr Was value(Was was, Now now) noexcept {
  return acts<id>() ? static_cast<Was>(now) : was;
}

/// !x, as Not<id>{}->*x
template <int id>
struct Not {};
template <int id, class T>
constexpr bool operator->*(Not<id>, T&& operand) {
  return acts<id>() ? static_cast<bool>(operand) : !std::forward<T>(operand);
}

// Where the other operator does not exist for these types, or gives another type, the mutant does not act.
#define SALLYPORT_MUTANT_RESULT(left, was, now, right)                                           \
  if constexpr (requires { requires std::is_same_v<decltype(left was right), decltype(left now right)>; }) \
    if (acts<id>()) return left now right;                                                       \
  return left was right

#define SALLYPORT_MUTANT_BINARY(Name, was, now)                                       \
  template <int id>                                                                   \
  struct Name {};                                                                     \
  template <int id, class T>                                                          \
  struct Name##Left {                                                                 \
    T&& left;                                                                         \
  };                                                                                  \
  template <class T, int id>                                                          \
  constexpr Name##Left<id, T> operator was(T&& left, Name<id>) noexcept {             \
    return {std::forward<T>(left)};                                                   \
  }                                                                                   \
  template <int id, class T, class U>                                                 \
  constexpr decltype(auto) operator was(Name##Left<id, T> of, U&& right) {            \
    SALLYPORT_MUTANT_RESULT(std::forward<T>(of.left), was, now, std::forward<U>(right)); \
  }

SALLYPORT_MUTANT_BINARY(Less, <, <=)
SALLYPORT_MUTANT_BINARY(LessOrEqual, <=, <)
SALLYPORT_MUTANT_BINARY(Greater, >, >=)
SALLYPORT_MUTANT_BINARY(GreaterOrEqual, >=, >)
SALLYPORT_MUTANT_BINARY(Equal, ==, !=)
SALLYPORT_MUTANT_BINARY(Unequal, !=, ==)
SALLYPORT_MUTANT_BINARY(Plus, +, -)
SALLYPORT_MUTANT_BINARY(Minus, -, +)

// These bind from the right.
#define SALLYPORT_MUTANT_ASSIGN(Name, was, now)                             \
  template <int id>                                                         \
  struct Name {};                                                           \
  template <int id, class T>                                                \
  struct Name##Right {                                                      \
    T&& right;                                                              \
  };                                                                        \
  template <int id, class T>                                                \
  constexpr Name##Right<id, T> operator was(Name<id>, T&& right) noexcept { \
    return {std::forward<T>(right)};                                        \
  }                                                                         \
  template <class T, int id, class U>                                       \
  constexpr decltype(auto) operator was(T& left, Name##Right<id, U> of) {   \
    SALLYPORT_MUTANT_RESULT(left, was, now, std::forward<U>(of.right));     \
  }

SALLYPORT_MUTANT_ASSIGN(Add, +=, -=)
SALLYPORT_MUTANT_ASSIGN(Subtract, -=, +=)

}  // namespace sallyport_mutant
