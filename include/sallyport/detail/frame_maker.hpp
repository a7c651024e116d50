// Which function made a coroutine's frame, as far as its parameters say: whether the frame refers to what its caller may end first.
#pragma once

#include <sallyport/detail/plain_type.hpp>

#include <concepts>
#include <coroutine>
#include <type_traits>

namespace sallyport {

class AccountsAdmin;
class Db;
class Log;

namespace detail {

/// What lives as long as the request, so that a handler's own frame may refer to it.
template <class T>
inline constexpr bool lives_with_request = false;
template <>
inline constexpr bool lives_with_request<AccountsAdmin> = true;
template <>
inline constexpr bool lives_with_request<Db> = true;
template <>
inline constexpr bool lives_with_request<Log> = true;

/// One address for each type of a lambda.
template <class T>
inline constexpr char closure_tag = 0;

struct FrameMaker {
  bool refers = false;            ///< by a parameter, to what may be its caller's
  const void* closure = nullptr;  ///< the tag of the lambda that made it
};

template <class T>
concept Defined = requires { sizeof(T); };

// The type of a lambda is not complete in its own body.
template <class T>
struct ClosureOf {
  using Type = std::remove_cv_t<std::remove_pointer_t<std::remove_reference_t<T>>>;
  static constexpr bool known =
      !std::same_as<Type, std::remove_cv_t<T>> && std::is_class_v<Type> && !lives_with_request<Type> && !Defined<Type>;
};

template <class T>
consteval bool may_refer() {
  using Type = std::remove_cvref_t<T>;
  if constexpr (!std::is_reference_v<T>) {
    return ViewsOthers<T>;
  } else if constexpr (lives_with_request<Type>) {
    return false;
  } else if constexpr (Defined<Type>) {
    return !std::is_empty_v<Type>;
  } else {
    return true;
  }
}

/// `Args` are the parameters of a coroutine; of a member function or lambda with the object before them.
template <class... Args>
struct MakerOf {
  static constexpr FrameMaker value{(may_refer<Args>() || ...), nullptr};
};
template <class First, class... Rest>
struct MakerOf<First, Rest...> {
  static constexpr FrameMaker value = [] {
    if constexpr (ClosureOf<First>::known) {
      return FrameMaker{(may_refer<Rest>() || ...), &closure_tag<typename ClosureOf<First>::Type>};
    } else {
      return FrameMaker{may_refer<First>() || (may_refer<Rest>() || ...), nullptr};
    }
  }();
};

/// The promise `P` of a frame that says who made it. It adds nothing, so that its handle is one of `P` as well.
template <class P, class Maker>
struct Made final : P {
  Made() noexcept { this->maker = &Maker::value; }
};

template <class P, class Maker>
struct PromiseOf {
  static_assert(sizeof(Made<P, Maker>) == sizeof(P) && alignof(Made<P, Maker>) == alignof(P));
  static constexpr bool plain = !Maker::value.refers && Maker::value.closure == nullptr;
  using Type = std::conditional_t<plain, P, Made<P, Maker>>;
};

}  // namespace detail
}  // namespace sallyport
