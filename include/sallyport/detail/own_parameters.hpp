// Parameters of one's own: which parameters of the closed list they come down to, and in which order they are made.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/type_name.hpp>
#include <sallyport/detail/types.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/or_problem.hpp>
#include <sallyport/task.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace sallyport::detail {

// --- `from`

template <class T>
struct IsTask : std::false_type {
  using Value = T;
};
template <class T>
struct IsTask<Task<T>> : std::true_type {
  using Value = T;
};

/// A type of the application with `static … from(parameters…)`.
template <class T>
concept OwnParameter = std::is_class_v<T> && requires { &T::from; } && !Argument<T>::known;

template <class Function>
struct FromFunction {
  static constexpr bool known = false;
};
template <class R, class... B>
struct FromFunction<R (*)(B...)> {
  static constexpr bool known = true;
  static constexpr bool waits = IsTask<R>::value;
  using Result = typename IsTask<R>::Value;
  using Parameters = Types<B...>;
};
template <class T>
using FromOf = FromFunction<decltype(&T::from)>;

template <class T, class Result>
inline constexpr bool makes =
    std::same_as<Result, T> || std::same_as<Result, Maybe<T>> || std::same_as<Result, OrProblem<T>>;

enum class OwnFault : unsigned char {
  none,
  shape,   ///< its `from` is no function that makes it
  circle,  ///< it needs itself
};

/// What is wrong with parameter `T`, or with those that it needs. `Above` are those that need it.
template <class T, class... Above>
consteval OwnFault own_fault() {
  if constexpr (!OwnParameter<T>) {
    return OwnFault::none;
  } else if constexpr ((std::same_as<T, Above> || ...)) {
    return OwnFault::circle;
  } else if constexpr (!FromOf<T>::known) {
    return OwnFault::shape;
  } else if constexpr (!makes<T, typename FromOf<T>::Result>) {
    return OwnFault::shape;
  } else {
    return []<class... B>(Types<B...>) {
      OwnFault fault = OwnFault::none;
      ((fault = fault == OwnFault::none ? own_fault<B, T, Above...>() : fault), ...);
      return fault;
    }(typename FromOf<T>::Parameters{});
  }
}

// --- What a list of parameters comes down to

/// `Own`: parameters of the application, each once, behind those that it needs. `Use`: parameters of the closed list, as often as they are
/// taken. `Mention`: those of the application, likewise.
template <class Own, class Use, class Mention>
struct Expansion;
template <class... Own, class... Use, class... Mention>
struct Expansion<Types<Own...>, Types<Use...>, Types<Mention...>> {
  using Owns = Types<Own...>;
  using Uses = Types<Use...>;
  using Mentions = Types<Mention...>;
  template <class T>
  using WithUse = Expansion<Owns, Types<Use..., T>, Mentions>;
  template <class T>
  using WithOwn = Expansion<Types<Own..., T>, Uses, Mentions>;
  template <class T>
  using WithMention = Expansion<Owns, Uses, Types<Mention..., T>>;
};

template <class So, class A>
struct ExpandOne {
  using Type = typename So::template WithUse<A>;
};
template <class So, class... A>
struct ExpandAll {
  using Type = So;
};
template <class So, class First, class... Rest>
struct ExpandAll<So, First, Rest...> : ExpandAll<typename ExpandOne<So, First>::Type, Rest...> {};
template <class So, class List>
struct ExpandList;
template <class So, class... A>
struct ExpandList<So, Types<A...>> : ExpandAll<So, A...> {};

template <class So, OwnParameter A>
struct ExpandOne<So, A> {
  using Mentioned = typename So::template WithMention<A>;
  template <class T>
  struct Made {
    using Type = typename ExpandList<Mentioned, typename FromOf<T>::Parameters>::Type::template WithOwn<T>;
  };
  struct MadeBefore {
    using Type = Mentioned;
  };
  using Type = typename std::conditional_t<is_among<A, typename So::Owns>, std::type_identity<MadeBefore>,
                                           std::type_identity<Made<A>>>::type::Type;
};

/// Of the parameters `A`, whose `own_fault` is none.
template <class... A>
using ExpansionOf = typename ExpandAll<Expansion<Types<>, Types<>, Types<>>, A...>::Type;

/// The signature as it would be if the handler took what its own parameters take.
template <class R, class Uses>
struct ExpandedSignature;
template <class R, class... Use>
struct ExpandedSignature<R, Types<Use...>> {
  using Type = R (*)(Use...);
};

template <class Owns>
struct OwnNames;
template <class... Own>
struct OwnNames<Types<Own...>> {
  static constexpr std::array<std::string_view, sizeof...(Own)> names{type_name<Own>...};
};

}  // namespace sallyport::detail
