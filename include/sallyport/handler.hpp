// Turns a handler's signature into a function that the kernel can call. Every parameter is one of a closed list, checked
// while compiling.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/call_handler.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/detail/route_ids.hpp>
#include <sallyport/detail/webhook_argument.hpp>
#include <sallyport/limit.hpp>
#include <sallyport/policy.hpp>

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sallyport {
template <detail::FixedString Origin>
class Outbound;
class OutboundAny;
}  // namespace sallyport

namespace sallyport::detail {

template <class H>
concept CapturesNothing = std::is_pointer_v<H> || (std::is_class_v<H> && std::is_empty_v<H>);

template <class H>
concept HasOneSignature = std::is_pointer_v<H> || requires { &H::operator(); };

template <class A>
inline constexpr bool holds_optionally = false;
template <class T>
inline constexpr bool holds_optionally<std::optional<T>> = Argument<Maybe<T>>::known;

// Said at the line of the route (router.hpp), and here for a `std::optional` of anything.
#define SALLYPORT_HANDLER_001                                                                                        \
  "HANDLER-001: a handler can't take this parameter. It takes Body<T>, Form<T>, TryForm<T>, BodyStream<limit>, "     \
  "Signed<Scheme, T>, "                                                                                              \
  "Query<T>, Path<\"name\", T>, Header<\"X-Name\", T>, Cookie<\"name\", T>, SealedCookie<\"name\", T>, Session<T>, " \
  "Flash, Client, "                                                                                                  \
  "LastEventId, SignedIn, Maybe<SignedIn>, Owned<T>, Db& or const Db&, SignInAttempt, "                              \
  "SignUpAttempt, CodeAttempt, Codes, CurrentSession, People, AccountsAdmin& or const AccountsAdmin&, CsrfToken, "   \
  "Log&, "                                                                                                           \
  "State<const T> or State<Locked<T>>, const Folder<\"name\">& or Folder<\"name\">&, or a type of yours with "       \
  "static T from(…) of such parameters; Db, AccountsAdmin, Log and Folder by reference, the rest by value"

/// Parameter number `Number` of a handler, of type `Type`. Its text is printed when the type is not one of the list.
template <std::size_t Number, class Type>
struct Parameter {
  static constexpr bool known = Argument<Type>::known;
  static_assert(
      !holds_optionally<Type>,
      "HANDLER-008: write sp::Maybe<sp::SignedIn> instead of std::optional: used without a look at it, it ends "
      "the request instead of reading memory that is not there");
  static_assert(known || holds_optionally<Type>, SALLYPORT_HANDLER_001);
};

/// What a route promises; checked against what its handler takes.
struct RouteShape {
  bool safe_method;
  bool knows_who;
  bool limits_attempts;
  bool any_origin;  ///< `cors_any` stands on it
  bool limits_calls;
  bool limits_account;  ///< a limit per account of its own stands on it
};

template <class A>
inline constexpr std::size_t names_parameter = 0;
template <FixedString Name, class T>
inline constexpr std::size_t names_parameter<Path<Name, T>> = 1;
template <class T>
inline constexpr std::size_t names_parameter<Owned<T>> = 1;
template <class A>
inline constexpr std::size_t takes_state = 0;
template <class T>
inline constexpr std::size_t takes_state<State<T>> = 1;
template <FixedString Name>
inline constexpr std::size_t takes_state<Folder<Name>&> = 1;
template <FixedString Name>
inline constexpr std::size_t takes_state<const Folder<Name>&> = 1;

template <class Value>
concept EndingStream = StreamAnswer<Value> && !Value::events;

template <class A>
inline constexpr std::size_t calls_others = 0;
template <FixedString Origin>
inline constexpr std::size_t calls_others<Outbound<Origin>> = 1;
template <>
inline constexpr std::size_t calls_others<OutboundAny> = 1;

template <class A>
inline constexpr bool takes_owned = false;
template <class T>
inline constexpr bool takes_owned<Owned<T>> = true;

// `Owned<T, &S::member>` without the `Body<S>`, `Form<S>` or `Query<S>` that it looks into.
template <class One, class... A>
inline constexpr bool lacks_input = false;
template <class T, auto Member, class... A>
  requires(std::is_member_object_pointer_v<decltype(Member)>)
inline constexpr bool lacks_input<Owned<T, Member>, A...> =
    !((std::same_as<A, Body<OwnerOf<Member>>> || std::same_as<A, Form<OwnerOf<Member>>> ||
       std::same_as<A, Query<OwnerOf<Member>>> || std::same_as<A, Query<OwnerOf<Member>, ignore_unknown>>) ||
      ...);

// Whether nothing that is taken, also by parameters of the application's own, tells one caller or request head from another.
template <class... A>
consteval bool answers_all_alike();
template <class... Use>
consteval bool uses_are_alike(Types<Use...>) {
  return !((Argument<Use>::needs_who || Argument<Use>::needs_attempts || Argument<Use>::sets_cookies ||
            Argument<Use>::reads_head || std::same_as<Use, Maybe<SignedIn>>) ||
           ...);
}
template <class... A>
consteval bool answers_all_alike() {
  return uses_are_alike(typename ExpansionOf<A...>::Uses{});
}

template <class Signature>
struct SignatureCheck;

template <class R, class... A>
struct SignatureCheck<R (*)(A...)> {
  using Value = typename IsTask<R>::Value;

  /// What it answers does not depend on who calls.
  static constexpr bool same_for_everybody = answers_all_alike<A...>();

  template <class... Each>
  static consteval bool few_of_a_kind(Types<Each...>) {
    return (std::size_t{0} + ... + names_parameter<Each>) <= 4 && (std::size_t{0} + ... + takes_state<Each>) <= 4;
  }
  template <std::size_t... I>
  static consteval bool parameters_known(std::index_sequence<I...>) {
    return (Parameter<I + 1, A>::known && ...);
  }

  /// What `route_fault` (route_faults.hpp) has let pass.
  template <RouteShape Shape, class Policy>
  static consteval bool check() {
    if constexpr ((OwnParameter<A> || ...)) {
      using Expanded = typename ExpandedSignature<R, typename ExpansionOf<A...>::Uses>::Type;
      return SignatureCheck<Expanded>::template check<Shape, Policy>();
    } else if constexpr (!parameters_known(std::index_sequence_for<A...>{})) {
      return false;
    } else {
      static_assert(!Shape.limits_attempts || (Argument<A>::needs_attempts || ...),
                    "LIMIT-003: attempts counts failures of SignInAttempt, SignUpAttempt or CodeAttempt: this handler "
                    "takes none of them");
      static_assert(!Shape.limits_attempts || (NamesAccount<A>::value || ...) ||
                        (Shape.knows_who && (std::same_as<A, CodeAttempt> || ...)),
                    "LIMIT-002: attempts are counted per account: the handler's Body<T> or Form<T> needs a member of "
                    "type sp::Email");
      static_assert(few_of_a_kind(DistinctTypes<A...>{}),
                    "HANDLER-006: a handler takes four path parameters and four State<T> or Folder at most: put what "
                    "belongs together into one struct");
      static_assert((std::size_t{0} + ... + calls_others<A>) <= HandlerFacts::most_outbound,
                    "EGRESS-003: a handler calls four other services at most: call the rest from another route");
      static_assert(!(lacks_input<A, A...> || ...),
                    "AUTHZ-011: Owned<T, &Input::member> goes with the Body<Input>, Form<Input> or Query<Input> that "
                    "holds the member: take that as well");
      static_assert(
          !Shape.limits_attempts || (std::size_t{0} + ... + email_count<A>()) <= 1,
          "LIMIT-004: attempts are counted for the one Email of the input: two of them would leave one uncounted");
      static_assert(
          !Shape.any_origin ||
              (std::same_as<Policy, anyone> &&
               !((Argument<A>::needs_who || Argument<A>::needs_attempts || Argument<A>::sets_cookies) || ...)),
          "CORS-004: what every origin may read is for everybody: cors_any goes with sp::anyone and a "
          "handler that neither "
          "begins nor ends a session; name the origins with cors<…>");
      static_assert((std::size_t{0} + ... + (Argument<A>::needs_attempts ? 1 : 0)) <= 1,
                    "LIMIT-011: a handler makes one attempt: a second one would not be counted. Give each its own "
                    "route: one with SignInAttempt, one with SignUpAttempt, one with CodeAttempt");
      static_assert(
          !StreamAnswer<R> ||
              !((Argument<A>::needs_attempts || std::same_as<A, CurrentSession> || std::same_as<A, Codes>) || ...),
          "HANDLER-012: a stream runs after its head was sent, too late to check a password, to make or check a "
          "code, or to begin or end a session: do that in a handler that returns Task<Response>, on a route of its "
          "own, "
          "and stream on another behind sp::signed_in");
      static_assert(!(Argument<A>::is_stream || ...) || IsTask<R>::value || StreamAnswer<R>,
                    "HANDLER-007: a BodyStream is awaited: the handler returns a Task, a Stream or an EventStream");
      return true;
    }
  }

  template <class Policy>
  static consteval bool owner_policy_matches() {
    if constexpr (requires { typename Policy::Entity; }) {
      return (std::same_as<A, Owned<typename Policy::Entity>> || ...);
    } else if constexpr (requires { typename Policy::Uses; }) {
      return ((!takes_owned<A> || is_among<A, typename Policy::Uses>)&&...);
    } else {
      return !(takes_owned<A> || ...);
    }
  }
  static ErasedHandler erase(R (*function)(A...)) {
    ErasedHandler handler;
    handler.function = reinterpret_cast<void (*)()>(function);
    // Session changes are written to the database after the handler: that is a wait, too.
    using Values = typename ValuesOf<A...>::Type;
    constexpr bool waits = IsTask<R>::value || StreamAnswer<R> || Values::waits;
    if constexpr (waits) {
      handler.later = &Caller<R, A...>::later;
    } else {
      handler.now = &Caller<R, A...>::now;
    }
    Values::describe(handler.facts);
    handler.facts.answer = &answer_facts<Value>;
    if (waits && Values::loads_before_body) handler.facts.asks_for_body = true;
    return handler;
  }
};
template <class R, class... A>
struct SignatureCheck<R (*)(A...) noexcept> : SignatureCheck<R (*)(A...)> {
  template <RouteShape, class...>
  static consteval bool check() {
    static_assert(
        std::is_void_v<SignatureCheck<R (*)(A...)>>,
        "HANDLER-009: a handler is not noexcept: what it throws, or the library throws in it, is answered as an "
        "error of this request; noexcept would end the process");
    return false;
  }
};

}  // namespace sallyport::detail
