// The mistakes that routes have most often, found before anything of the route is made, so that the compiler says them at the
// line of the call, as one error. What is not found here is found by the checks in handler.hpp.
#pragma once

#include <sallyport/cors.hpp>
#include <sallyport/detail/clear_secrets.hpp>
#include <sallyport/detail/price_names.hpp>
#include <sallyport/detail/right_names.hpp>
#include <sallyport/detail/shared_state.hpp>
#include <sallyport/handler.hpp>
#include <sallyport/not_secret.hpp>
#include <sallyport/when.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

/// Each is the code of a message.
enum class RouteFault : std::uint8_t {
  none,
  admin_001,
  authz_001,
  authz_003,
  authz_004,
  authz_007,
  authz_009,
  authz_010,
  authz_013,
  authz_014,
  authz_016,
  authz_017,
  authz_018,
  authz_019,
  body_001,
  body_002,
  data_001,
  data_004,
  data_005,
  handler_001,
  handler_002,
  handler_003,
  handler_004,
  handler_005,
  handler_013,
  handler_014,
  handler_015,
  hook_001,
  hook_002,
  limit_001,
  limit_014,
  limit_015,
  out_001,
  out_002,
  out_004,
  out_007,
  route_009,
  schema_001,
  schema_002,
  schema_004,
  schema_007,
  schema_008,
  schema_009,
  sec_009,
  sec_014,
  state_003,
  state_006,
};

template <class T>
inline constexpr bool is_route_option = requires { typename std::remove_cvref_t<T>::is_route_option; };

// --- Inputs

template <class T, class... Above>
consteval RouteFault input_fault() {
  if constexpr (ElementOf<T>::exists) {
    return input_fault<typename ElementOf<T>::Type, Above...>();
  } else if constexpr (TextOfAnyLength<T>) {
    return RouteFault::schema_001;
  } else if constexpr (is_std_optional<T>) {
    return RouteFault::schema_008;
  } else if constexpr (HasReader<T>) {
    return RouteFault::none;
  } else if constexpr (!PlainStruct<T>) {
    return RouteFault::schema_004;
  } else if constexpr ((std::same_as<T, Above> || ...) || count_fields<T>() > max_fields) {
    return RouteFault::none;
  } else if constexpr (Viewed<T> || Declared<T>) {
    return RouteFault::schema_002;  // before its fields: they are an entity's, and have no bounds
  } else {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      if ((std::same_as<FieldType<T, I>, Id<T>> || ...)) return RouteFault::schema_002;
      if ((sets_owner<FieldType<T, I>>(field_names<T>[I]) || ...)) return RouteFault::schema_007;
      RouteFault fault = RouteFault::none;
      ((fault = fault == RouteFault::none ? input_fault<FieldType<T, I>, T, Above...>() : fault), ...);
      if (fault != RouteFault::none) return fault;
      const bool secret = ((looks_secret<FieldType<T, I>>(field_names<T>[I]) &&
                            !std::is_base_of_v<ExcusedField<T, I>, not_secret<T>>) ||
                           ...);
      return secret ? RouteFault::sec_009 : RouteFault::none;
    }(std::make_index_sequence<field_count<T>>{});
  }
}

// A field that `Is` says is called like a right or a price, at any depth, and nothing says why a client may choose it.
template <bool (*Is)(std::string_view), class T, class... Above>
consteval bool sets_named() {
  if constexpr (ElementOf<T>::exists) {
    return sets_named<Is, typename ElementOf<T>::Type, Above...>();
  } else if constexpr (PlainStruct<T> && !(std::same_as<T, Above> || ...)) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return ((Is(field_names<T>[I]) && !std::is_base_of_v<ExcusedField<T, I>, client_may_set<T>>) || ...) ||
             (sets_named<Is, FieldType<T, I>, T, Above...>() || ...);
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return false;
  }
}
constexpr bool names_right(std::string_view name) { return is_right_name(name); }
constexpr bool names_price(std::string_view name) { return is_price_name(name); }
template <class A>
struct BodyRights {
  static consteval bool set() { return false; }
  static consteval bool set_price() { return false; }
};
template <class T>
struct BodyRights<Body<T>> {
  static consteval bool set() { return sets_named<names_right, T>(); }
  static consteval bool set_price() { return sets_named<names_price, T>(); }
};
template <class T>
struct BodyRights<Form<T>> : BodyRights<Body<T>> {};
template <class T>
struct BodyRights<TryForm<T>> : BodyRights<Body<T>> {};

template <class A>
struct PathRight {
  static constexpr bool named = false;
};
template <FixedString Name, class T>
struct PathRight<Path<Name, T>> {
  static constexpr bool named = is_right_name(Name.view());
};
template <class A>
struct QueryRights {
  static consteval bool set() { return false; }
  static consteval bool set_price() { return false; }
};
template <class T, class Unknown>
struct QueryRights<Query<T, Unknown>> : BodyRights<Body<T>> {};

// A number of plain C++ that may be below zero, at any depth.
template <class T, class... Above>
consteval bool has_number_without_range() {
  if constexpr (ElementOf<T>::exists) {
    return has_number_without_range<typename ElementOf<T>::Type, Above...>();
  } else if constexpr (HasReader<T>) {
    return std::is_signed_v<T>;
  } else if constexpr (PlainStruct<T> && !(std::same_as<T, Above> || ...)) {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return (has_number_without_range<FieldType<T, I>, T, Above...>() || ...);
    }(std::make_index_sequence<field_count<T>>{});
  } else {
    return false;
  }
}

template <class A>
struct ArgumentFault {
  static consteval RouteFault find() { return Argument<A>::known ? RouteFault::none : RouteFault::handler_001; }
};
template <class T>
struct ArgumentFault<Body<T>> {
  static consteval RouteFault find() {
    constexpr RouteFault fault = input_fault<T>();
    if constexpr (fault != RouteFault::none) {
      return fault;
    } else {
      return has_number_without_range<T>() ? RouteFault::schema_009 : RouteFault::none;
    }
  }
};
template <class T>
struct ArgumentFault<Form<T>> : ArgumentFault<Body<T>> {};
template <class T>
struct ArgumentFault<TryForm<T>> : ArgumentFault<Body<T>> {};
template <class T, class Unknown>
struct ArgumentFault<Query<T, Unknown>> : ArgumentFault<Body<T>> {};
// A sender whose body is signed chooses its numbers.
template <class Scheme, class T>
struct ArgumentFault<Signed<Scheme, T>> {
  static consteval RouteFault find() {
    if constexpr (std::is_void_v<T>) {
      return RouteFault::none;
    } else {
      return input_fault<typename SignedContent<T>::Type>();
    }
  }
};
template <class T>
struct ArgumentFault<State<T>> {
  static consteval RouteFault find() {
    constexpr StateFault fault = state_fault<std::remove_const_t<T>>();
    if (fault == StateFault::lock) return RouteFault::state_006;
    if (keeps_secret_in_clear<std::remove_const_t<T>>()) return RouteFault::sec_014;
    return shared_safely<T> && fault == StateFault::none ? RouteFault::none : RouteFault::state_003;
  }
};
// Has a sentence of its own.
template <class T>
struct ArgumentFault<std::optional<T>> {
  static consteval RouteFault find() { return RouteFault::none; }
};

// --- Answers

// Of a plain struct; other values are checked where they are written.
template <class T>
consteval RouteFault view_fault() {
  using Value = PlainType<typename Unwrapped<T>::type>;
  if constexpr (!std::is_class_v<Value> || !std::is_aggregate_v<Value> || std::same_as<Value, Page> ||
                std::same_as<Value, NoContent> || requires { std::tuple_size<Value>::value; }) {
    return RouteFault::none;
  } else if constexpr (HoldsSecret<Value>) {
    return RouteFault::out_004;
  } else if constexpr (!Viewed<Value>) {
    return RouteFault::out_001;
  } else {
    using Check = ViewCheck<Value, typename view<Value>::show, typename HiddenFields<Value>::Type>;
    if constexpr (!Check::own || !Check::once) {
      return RouteFault::none;
    } else {
      if (!Check::complete) return RouteFault::out_002;
      if (!Check::no_secret) return RouteFault::out_004;
      return Check::no_secret_by_name ? RouteFault::none : RouteFault::out_007;
    }
  }
}

// --- Policies

template <class Policy>
consteval RouteFault policy_fault() {
  if constexpr (requires { Policy::fault; }) {
    switch (Policy::fault) {
      case WhenFault::none:
        return RouteFault::none;
      case WhenFault::shape:
        return RouteFault::authz_016;
      case WhenFault::parameter:
        return RouteFault::authz_017;
      case WhenFault::looks_at_nobody:
        return RouteFault::authz_018;
      case WhenFault::parts:
        return RouteFault::authz_019;
    }
  }
  return RouteFault::none;
}

template <class T>
inline constexpr bool is_query = false;
template <class T, class Unknown>
inline constexpr bool is_query<Query<T, Unknown>> = true;
template <class List>
inline constexpr std::size_t queries_among = 0;
template <class... T>
inline constexpr std::size_t queries_among<Types<T...>> = (std::size_t{0} + ... + (is_query<T> ? 1 : 0));
template <class Uses, class... A>
struct AllTaken;
template <class... Use, class... A>
struct AllTaken<Types<Use...>, A...> {
  using Type = DistinctTypes<A..., Use...>;
};
// What a policy takes, besides the handler.
template <class Policy>
struct PolicyUses {
  using Type = Types<>;
};
template <class Policy>
  requires requires { typename Policy::Uses; }
struct PolicyUses<Policy> {
  using Type = typename Policy::Uses;
};
template <class Policy, class... A>
inline constexpr std::size_t distinct_queries =
    queries_among<typename AllTaken<typename PolicyUses<Policy>::Type, A...>::Type>;

// --- Handlers

// What a browser has to do with, and the sender of a webhook has not.
template <class A>
inline constexpr bool is_for_browsers =
    Argument<A>::needs_who || Argument<A>::needs_attempts || Argument<A>::needs_limit ||
    Argument<A>::needs_account_limit || std::same_as<A, Maybe<SignedIn>> || std::same_as<A, CsrfToken>;

template <class Signature>
struct SignatureFault {
  template <RouteShape Shape, class Policy, class Options>
  static consteval RouteFault find() {
    return RouteFault::none;
  }
};
template <class R, class... A>
struct SignatureFault<R (*)(A...)> {
  using Value = typename IsTask<R>::Value;

  template <RouteShape Shape, class Policy, class Options>
  static consteval RouteFault find() {
    if constexpr ((OwnParameter<A> || ...)) {
      return find_behind_own<Shape, Policy, Options>();
    } else {
      return find_plain<Shape, Policy, Options>();
    }
  }

 private:
  // What a parameter of the application's own takes is judged as if the handler took it.
  template <RouteShape Shape, class Policy, class Options>
  static consteval RouteFault find_behind_own() {
    constexpr OwnFault fault = [] {
      OwnFault first = OwnFault::none;
      ((first = first == OwnFault::none ? own_fault<A>() : first), ...);
      return first;
    }();
    if constexpr (fault == OwnFault::shape) {
      return RouteFault::handler_013;
    } else if constexpr (fault == OwnFault::circle) {
      return RouteFault::handler_014;
    } else {
      using Expanded = typename ExpandedSignature<R, typename ExpansionOf<A...>::Uses>::Type;
      return SignatureFault<Expanded>::template find<Shape, Policy, Options>();
    }
  }

  template <RouteShape Shape, class Policy, class Options>
  static consteval RouteFault find_plain() {
    constexpr RouteFault fault = [] {
      RouteFault first = RouteFault::none;
      ((first = first == RouteFault::none ? ArgumentFault<A>::find() : first), ...);
      return first;
    }();
    if constexpr (fault != RouteFault::none) {
      return fault;
    } else if constexpr (!(Argument<A>::known && ...)) {
      return RouteFault::none;
    } else {
      if (Shape.safe_method) {
        if ((std::same_as<A, Db&> || ...)) return RouteFault::data_001;
        if ((Argument<A>::writes_files || ...)) return RouteFault::data_005;
        if ((Argument<A>::changes_state || ...)) return RouteFault::data_004;
        if ((Argument<A>::is_body || ...)) return RouteFault::body_001;
      }
      if ((std::size_t{0} + ... + (Argument<A>::is_body ? 1 : 0)) > 1) return RouteFault::body_002;
      if (distinct_queries<Policy, A...> > 1) return RouteFault::handler_015;
      if (!webhook_policy_matches<Policy, A...>()) return RouteFault::hook_001;
      if (!(std::is_void_v<typename WebhookOf<A>::Type> && ...) && (is_for_browsers<A> || ...))
        return RouteFault::hook_002;
      if (!SignatureCheck<R (*)(A...)>::template owner_policy_matches<Policy>()) return RouteFault::authz_004;
      if (!Shape.knows_who && (Argument<A>::needs_who || ...)) return RouteFault::authz_003;
      if (!Shape.limits_attempts && (Argument<A>::needs_attempts || ...)) return RouteFault::limit_001;
      if (!Shape.limits_attempts && !Shape.limits_calls && (Argument<A>::needs_limit || ...))
        return RouteFault::limit_014;
      if (!Shape.limits_account && (Argument<A>::needs_account_limit || ...)) return RouteFault::limit_015;
      if (!by_role<Policy> && (Argument<A>::needs_role || ...)) return RouteFault::admin_001;
      constexpr IdFault ids = RouteIds<Policy, Options, A...>::find();
      if (ids == IdFault::unowned) return RouteFault::authz_007;
      if (ids == IdFault::unknown) return RouteFault::authz_009;
      if (ids == IdFault::text) return RouteFault::authz_010;
      if (!by_role<Policy>) {
        if ((BodyRights<A>::set() || ...)) return RouteFault::authz_013;
        // In a GET they ask for what is shown: `?role=editor`.
        if (!Shape.safe_method && ((PathRight<A>::named || QueryRights<A>::set()) || ...)) return RouteFault::authz_013;
        if ((BodyRights<A>::set_price() || ...)) return RouteFault::authz_014;
        if (!Shape.safe_method && (QueryRights<A>::set_price() || ...)) return RouteFault::authz_014;
      }
      if constexpr (!Answer<Value>) {
        return RouteFault::handler_002;
      } else {
        return view_fault<Value>();
      }
    }
  }
};

template <class R, class... A>
struct SignatureFault<R (*)(A...) noexcept> : SignatureFault<R (*)(A...)> {};

// --- Routes

template <class H>
concept BecomesFunction = requires(const H& handler) { +handler; };

template <bool SafeMethod, class Policy, class... Rest>
inline constexpr RouteShape route_shape{SafeMethod,
                                        Policy::knows_who,
                                        (std::same_as<Rest, attempts> || ...),
                                        (any_origin_option<Rest> || ...),
                                        (is_limit<Rest> || ...),
                                        (std::same_as<Rest, limit<LimitedBy::account>> || ...)};

template <bool SafeMethod, class... Rest>
consteval RouteFault find_route_fault() {
  if constexpr (sizeof...(Rest) == 0) {
    return RouteFault::handler_005;
  } else {
    using Parts = std::tuple<Rest...>;
    using Policy = std::tuple_element_t<0, Parts>;
    using Handler = std::tuple_element_t<sizeof...(Rest) - 1, Parts>;
    constexpr std::size_t options = (std::size_t{0} + ... + (is_route_option<Rest> ? 1 : 0));
    constexpr std::size_t policies = (std::size_t{0} + ... + (is_policy<Rest> ? 1 : 0));
    if constexpr (!is_policy<Policy>) {
      return RouteFault::authz_001;
    } else if constexpr (policy_fault<Policy>() != RouteFault::none) {
      return policy_fault<Policy>();
    } else if constexpr (options + policies == sizeof...(Rest)) {
      return policies == 1 ? RouteFault::handler_005 : RouteFault::route_009;
    } else if constexpr (options + 2 != sizeof...(Rest) || is_route_option<Handler>) {
      return RouteFault::route_009;
    } else if constexpr (!CapturesNothing<Handler>) {
      return RouteFault::handler_003;
    } else if constexpr (!HasOneSignature<Handler>) {
      return RouteFault::handler_004;
    } else if constexpr (!BecomesFunction<Handler>) {
      return RouteFault::handler_003;  // [&] that captures nothing
    } else {
      return SignatureFault<decltype(+std::declval<Handler>())>::template find<route_shape<SafeMethod, Policy, Rest...>,
                                                                               Policy, Parts>();
    }
  }
}
template <bool SafeMethod, class... Rest>
inline constexpr RouteFault route_fault = find_route_fault<SafeMethod, Rest...>();

}  // namespace sallyport::detail
