// Policies of one's own: a function that says yes or no, and how policies are put together.
#pragma once

#include <sallyport/detail/own_parameters.hpp>
#include <sallyport/detail/parameter_values.hpp>
#include <sallyport/policy.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sallyport {

namespace detail {

/// What a policy has come to.
enum class Verdict : std::uint8_t {
  yes,
  no,
  sign_in,   ///< it has to know who calls, and nobody has signed in
  answered,  ///< what it takes can't be had, and the answer says so
};

/// How the kernel asks a policy of the application's own.
struct PolicyCheck {
  Task<Verdict> (*judge)(Exchange&);
  void (*describe)(HandlerFacts&);
};

enum class WhenFault : std::uint8_t { none, shape, parameter, looks_at_nobody, parts };

// What a policy may take: it reads, before the body has come.
template <class A>
inline constexpr bool policy_takes =
    Argument<A>::known && !Argument<A>::changes_state && !Argument<A>::writes_files && !Argument<A>::is_body &&
    !Argument<A>::needs_attempts && !Argument<A>::needs_limit && !Argument<A>::needs_input &&
    !Argument<A>::needs_account_limit && !Argument<A>::needs_role && Argument<A>::may_judge;
template <class A>
  requires(!Argument<A>::known)
inline constexpr bool policy_takes<A> = false;

/// What says something of the caller or of what is asked for, so that a policy can depend on it.
template <class A>
inline constexpr bool tells_callers_apart = requires { requires Argument<A>::tells_callers_apart; };

template <class Use>
consteval bool who_is_needed() {
  if constexpr (Argument<Use>::known) {
    return Argument<Use>::needs_who;
  } else {
    return false;
  }
}
template <class... Use>
consteval bool any_needs_who(Types<Use...>) {
  return (who_is_needed<Use>() || ...);
}

template <class... A>
consteval bool own_all_right() {
  return ((own_fault<A>() == OwnFault::none) && ...);
}
// Where one of its parameters needs itself, or is none, nothing can be said of the others.
template <bool Right, class... A>
struct PolicyTakes {
  using Uses = Types<>;
};
template <class... A>
struct PolicyTakes<true, A...> {
  using Uses = typename ExpansionOf<A...>::Uses;
};
template <bool Right, class... Use>
consteval WhenFault policy_takes_fault(Types<Use...>) {
  if (!Right || !(policy_takes<Use> && ...)) return WhenFault::parameter;
  return (tells_callers_apart<Use> || ...) ? WhenFault::none : WhenFault::looks_at_nobody;
}

template <class Signature>
struct PolicySignature {
  static constexpr WhenFault fault = WhenFault::shape;
  static constexpr bool needs_who = false;
  using Uses = Types<>;
};
template <class R, class... A>
  requires(std::same_as<R, bool> || std::same_as<R, Task<bool>>)
struct PolicySignature<R (*)(A...)> {
  static constexpr bool waits = IsTask<R>::value;
  using Uses = typename PolicyTakes<own_all_right<A...>(), A...>::Uses;
  static constexpr WhenFault fault = policy_takes_fault<own_all_right<A...>()>(Uses{});
  static constexpr bool needs_who = any_needs_who(Uses{});

  static void describe(HandlerFacts& facts) {
    []<class... Use>(HandlerFacts& into, Types<Use...>) { (Argument<Use>::describe(into), ...); }(facts, Uses{});
  }

  template <auto Function>
  static Task<Verdict> judge(Exchange& exchange) {
    using Values = typename ValuesOf<A...>::Type;
    if constexpr (needs_who) {
      if (!principal_of(exchange)) co_return Verdict::sign_in;
    }
    Values values;
    if (!values.fill(exchange)) co_return Verdict::answered;
    if constexpr (Values::loads) {
      const bool loaded = co_await values.load(exchange);
      if (!loaded) co_return Verdict::answered;
    }
    if constexpr (Values::own_waits) {
      const bool made = co_await values.make_later(exchange);
      if (!made) co_return Verdict::answered;
    } else {
      if (!values.make(exchange)) co_return Verdict::answered;
    }
    bool yes = false;
    if constexpr (waits) {
      yes = co_await start<Function>(exchange, values, std::index_sequence_for<A...>{});
    } else {
      yes = call<Function>(exchange, values, std::index_sequence_for<A...>{});
    }
    co_return yes ? Verdict::yes : Verdict::no;
  }

 private:
  template <auto Function, class Values, std::size_t... I>
  static R call([[maybe_unused]] Exchange& exchange, [[maybe_unused]] Values& values, std::index_sequence<I...>) {
    return Function(values.template hand_over<A, I>(exchange)...);
  }
  template <auto Function, class Values, std::size_t... I>
  static auto start(Exchange& exchange, Values& values, std::index_sequence<I...> each) {
    R task = call<Function>(exchange, values, each);
    OwnedTask<bool> own(task);
    if (own.maker()) check_frame(exchange, *own.maker());
    return AwaitedTask<bool>(std::move(own));
  }
};

template <auto Function>
consteval std::string_view function_name() {
  std::string_view pretty = __PRETTY_FUNCTION__;
  pretty.remove_prefix(pretty.find("Function = ") + 11);
  pretty = pretty.substr(0, pretty.find_first_of(";]"));
  const std::size_t colon = pretty.rfind(':');
  if (colon != pretty.npos) pretty.remove_prefix(colon + 1);
  while (pretty.starts_with('&') || pretty.starts_with(' ') || pretty.starts_with('(')) pretty.remove_prefix(1);
  while (pretty.ends_with(')')) pretty.remove_suffix(1);
  return pretty;
}

template <auto Function>
inline constexpr PolicyCheck policy_check{&PolicySignature<decltype(Function)>::template judge<Function>,
                                          &PolicySignature<decltype(Function)>::describe};

template <class Policy>
struct HiddenPolicy : Policy {
  [[nodiscard]] PolicyFacts facts() const {
    PolicyFacts facts = Policy::facts();
    facts.hidden = true;
    return facts;
  }
};

}  // namespace detail

template <auto Function>
struct WhenPolicy {
  using Signature = detail::PolicySignature<decltype(Function)>;
  using Uses = typename Signature::Uses;
  using Judged = Uses;  // what it decides about
  static constexpr detail::WhenFault fault = Signature::fault;
  static constexpr bool knows_who = Signature::needs_who;

  /// Whom it refuses gets 404, as if there were nothing.
  [[nodiscard]] constexpr detail::HiddenPolicy<WhenPolicy> hidden() const noexcept { return {*this}; }
  [[nodiscard]] detail::PolicyFacts facts() const {
    detail::PolicyFacts facts{.kind = detail::PolicyFacts::Kind::when, .note = detail::function_name<Function>()};
    if constexpr (fault == detail::WhenFault::none) facts.check = &detail::policy_check<Function>;
    if constexpr (knows_who) facts.sessions = &detail::sqlite_driver;
    return facts;
  }
};

/// A policy of your own: a function that says whether the caller may:
///
///     sp::Task<bool> may_edit(sp::SignedIn me, sp::Path<"id", sp::Id<Wiki>> page, const sp::Db& db) { … }
///     app.put("/wiki/:id", sp::when<may_edit>, save);
///
/// It takes parameters as a handler does, those of your own as well, and returns `bool` or `sp::Task<bool>`. It runs before limits of the
/// route are charged and before the body is read, and changes nothing. No is answered 403; `sp::when<may_edit>.hidden()` 404, as if there
/// were nothing. Where it takes `SignedIn`, who has not signed in is answered 401. An id in the path that it takes is one that it decides
/// about: the handler may take it, too.
template <auto Function>
inline constexpr WhenPolicy<Function> when{};

namespace detail {

template <class Policy>
inline constexpr bool is_hidden = false;
template <class Policy>
inline constexpr bool is_hidden<HiddenPolicy<Policy>> = true;
template <class Policy>
concept OfAnOwner = requires { typename Policy::Entity; };
// That of a webhook is about the body as well, which comes later.
template <class Policy>
concept OfAWebhook = requires { typename Policy::Webhook; };

template <class... Lists>
struct Joined {
  using Type = Types<>;
};
template <class... T>
struct Joined<Types<T...>> {
  using Type = Types<T...>;
};
template <class... T, class... U, class... Lists>
struct Joined<Types<T...>, Types<U...>, Lists...> : Joined<Types<T..., U...>, Lists...> {};
template <class Policy>
struct UsesOf {
  using Type = Types<>;
};
template <class Policy>
  requires requires { typename Policy::Uses; }
struct UsesOf<Policy> {
  using Type = typename Policy::Uses;
};
template <class Policy>
struct JudgedOf {
  using Type = Types<>;
};
template <class Policy>
  requires requires { typename Policy::Judged; }
struct JudgedOf<Policy> {
  using Type = typename Policy::Judged;
};
template <class Uses, class... Policy>
struct JudgedByAll;
template <class... Use, class... Policy>
struct JudgedByAll<Types<Use...>, Policy...> {
  template <class One>
  static constexpr bool by_all = ((by_role<Policy> || is_among<One, typename JudgedOf<Policy>::Type>)&&...);
  using Type = typename Joined<std::conditional_t<by_all<Use>, Types<Use>, Types<>>...>::Type;
};
template <class Policy>
consteval WhenFault fault_of() {
  if constexpr (requires { Policy::fault; }) {
    return Policy::fault;
  } else {
    return WhenFault::none;
  }
}
template <class... Policy>
consteval WhenFault first_fault() {
  WhenFault fault = WhenFault::none;
  ((fault = fault == WhenFault::none ? fault_of<Policy>() : fault), ...);
  return fault;
}

template <class... Policy>
PolicyFacts facts_of_parts(PolicyFacts::Kind kind, const std::tuple<Policy...>& parts) {
  PolicyFacts facts{.kind = kind};
  std::apply([&](const Policy&... part) { (facts.parts.push_back(part.facts()), ...); }, parts);
  for (const PolicyFacts& part : facts.parts) {
    if (part.sessions) facts.sessions = part.sessions;
  }
  return facts;
}

}  // namespace detail

/// Whom one of several policies admits: `sp::any_of(sp::role("admin"), sp::when<may_edit>)`. Asked in this order.
template <class... Policy>
class any_of {
 public:
  using Uses = typename detail::Joined<typename detail::UsesOf<Policy>::Type...>::Type;
  // What every part has looked at; roles reach everything.
  using Judged = typename detail::JudgedByAll<Uses, Policy...>::Type;
  static constexpr detail::WhenFault fault =
      sizeof...(Policy) < 2 || (std::same_as<Policy, anyone> || ...) || (detail::OfAnOwner<Policy> || ...) ||
              (detail::OfAWebhook<Policy> || ...) || (detail::is_hidden<Policy> || ...)
          ? detail::WhenFault::parts
          : detail::first_fault<Policy...>();
  static constexpr bool knows_who = (Policy::knows_who && ...);
  static constexpr bool needs_role = (detail::by_role<Policy> && ...);

  constexpr explicit any_of(Policy... policy) : parts_(policy...) {}
  /// Whom it refuses gets 404, as if there were nothing.
  [[nodiscard]] constexpr detail::HiddenPolicy<any_of> hidden() const { return {*this}; }
  [[nodiscard]] detail::PolicyFacts facts() const {
    return detail::facts_of_parts(detail::PolicyFacts::Kind::any_of, parts_);
  }

 private:
  std::tuple<Policy...> parts_;
};

namespace detail {
template <class... Policy>
struct EntityOf {};
template <class First, class... Rest>
struct EntityOf<First, Rest...> : EntityOf<Rest...> {};
template <class T, class... Rest>
struct EntityOf<OwnerPolicy<T>, Rest...> {
  using Entity = T;
};
}  // namespace detail

/// Whom each of several policies admits: `sp::all_of(sp::owner<Order>, sp::when<not_shipped>)`. Asked in this order, until one says no.
template <class... Policy>
class all_of : public detail::EntityOf<Policy...> {
 public:
  using Uses = typename detail::Joined<typename detail::UsesOf<Policy>::Type...>::Type;
  using Judged = typename detail::Joined<typename detail::JudgedOf<Policy>::Type...>::Type;
  static constexpr detail::WhenFault fault = sizeof...(Policy) < 2 || (detail::is_hidden<Policy> || ...) ||
                                                     (detail::OfAWebhook<Policy> || ...) ||
                                                     (std::size_t{0} + ... + (detail::OfAnOwner<Policy> ? 1 : 0)) > 1
                                                 ? detail::WhenFault::parts
                                                 : detail::first_fault<Policy...>();
  static constexpr bool knows_who = (Policy::knows_who || ...);
  static constexpr bool needs_role = (detail::by_role<Policy> || ...);

  constexpr explicit all_of(Policy... policy) : parts_(policy...) {}
  /// Whom it refuses gets 404, as if there were nothing.
  [[nodiscard]] constexpr detail::HiddenPolicy<all_of> hidden() const { return {*this}; }
  [[nodiscard]] detail::PolicyFacts facts() const {
    return detail::facts_of_parts(detail::PolicyFacts::Kind::all_of, parts_);
  }

 private:
  std::tuple<Policy...> parts_;
};

namespace detail {
template <auto Function>
inline constexpr bool is_policy<WhenPolicy<Function>> = true;
template <class... Policy>
inline constexpr bool is_policy<any_of<Policy...>> = (is_policy<Policy> && ...);
template <class... Policy>
inline constexpr bool is_policy<all_of<Policy...>> = (is_policy<Policy> && ...);
template <class Policy>
inline constexpr bool is_policy<HiddenPolicy<Policy>> = is_policy<Policy>;
}  // namespace detail

}  // namespace sallyport
