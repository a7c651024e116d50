// The values of a handler's parameters: read, loaded, made of each other, and handed over.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/detail/own_parameters.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/task.hpp>

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace sallyport::detail {

// --- The account that an attempt is counted for

template <class T, std::size_t I = 0>
consteval std::size_t email_field() {
  if constexpr (I == field_count<T>) {
    return I;
  } else if constexpr (std::same_as<FieldType<T, I>, Email>) {
    return I;
  } else {
    return email_field<T, I + 1>();
  }
}
template <class T>
consteval bool has_email() {
  if constexpr (PlainStruct<T>) {
    return email_field<T>() < field_count<T>;
  } else {
    return false;  // a list
  }
}
template <class A>
struct NamesAccount : std::false_type {};
template <class T>
struct NamesAccount<Body<T>> : std::bool_constant<has_email<T>()> {};
template <class T>
struct NamesAccount<Form<T>> : NamesAccount<Body<T>> {};
template <class T>
struct NamesAccount<TryForm<T>> : NamesAccount<Body<T>> {};

template <class A>
struct Input;
template <class T>
struct Input<Body<T>> {
  using Type = T;
};
template <class T>
struct Input<Form<T>> : Input<Body<T>> {};
template <class T>
struct Input<TryForm<T>> : Input<Body<T>> {};

template <class T, std::size_t... I>
consteval std::size_t emails_in(std::index_sequence<I...>) {
  return (std::size_t{0} + ... + (std::same_as<FieldType<T, I>, Email> ? 1 : 0));
}
template <class A>
consteval std::size_t email_count() {
  if constexpr (NamesAccount<A>::value) {
    return emails_in<typename Input<A>::Type>(std::make_index_sequence<field_count<typename Input<A>::Type>>{});
  } else {
    return 0;
  }
}

template <class A, class Slot>
void account_from([[maybe_unused]] const Slot& slot, [[maybe_unused]] std::string& account) {
  if constexpr (NamesAccount<A>::value) {
    // An invalid form has no password to verify, so nothing is counted.
    if constexpr (requires { slot.read; }) {
      if (!slot.read) return;
    }
    const auto& email = static_cast<const FieldSlot<email_field<typename Input<A>::Type>(), Email>&>(slot).slot.value;
    if (email) account = email->key();
  }
}

// --- Values

/// What one function takes: `Leaf` are parameters of the closed list, `Own` those of the application in the order in which they are made.
/// `Use` and `Mention` say how often each is taken.
template <class Leaves, class Owns, class Uses, class Mentions>
class ParameterValues;
template <class... Leaf, class... Own, class Uses, class Mentions>
class ParameterValues<Types<Leaf...>, Types<Own...>, Uses, Mentions> {
 public:
  static constexpr bool any_own = sizeof...(Own) != 0;
  // First the object, which proves that the caller owns it, then the body: the body of another caller is not read.
  static constexpr bool loads = ((Argument<Leaf>::waits && !Argument<Leaf>::needs_input) || ...);
  static constexpr bool loads_inputs = (Argument<Leaf>::needs_input || ...);
  static constexpr bool needs_attempts = (Argument<Leaf>::needs_attempts || ...);
  static constexpr bool loads_before_body = loads && ((Argument<Leaf>::is_body && !Argument<Leaf>::is_stream) || ...);
  static constexpr bool own_waits = (FromOf<Own>::waits || ...);
  static constexpr bool waits = own_waits || ((Argument<Leaf>::waits || Argument<Leaf>::changes_state) || ...);

  static void describe(HandlerFacts& facts) {
    (Argument<Leaf>::describe(facts), ...);
    if constexpr (any_own) facts.owns = OwnNames<Types<Own...>>::names;
  }

  /// What is read from the request. `false`, here and below: the answer is a refusal.
  bool fill([[maybe_unused]] Exchange& exchange) { return fill_each(exchange, std::index_sequence_for<Leaf...>{}); }

  template <std::size_t I = 0>
  Task<bool> load(Exchange& exchange) {
    if constexpr (I == sizeof...(Leaf)) {
      co_return true;
    } else {
      using One = std::tuple_element_t<I, std::tuple<Leaf...>>;
      if constexpr (Argument<One>::waits && !Argument<One>::needs_input) {
        const bool loaded = co_await Argument<One>::load(exchange, std::get<I>(slots_));
        if (!loaded) co_return false;
      }
      const bool rest = co_await load<I + 1>(exchange);
      co_return rest;
    }
  }

  /// What members of the inputs name.
  template <std::size_t I = 0>
  Task<bool> load_named(Exchange& exchange) {
    if constexpr (I == sizeof...(Leaf)) {
      co_return true;
    } else {
      using One = std::tuple_element_t<I, std::tuple<Leaf...>>;
      if constexpr (Argument<One>::needs_input) {
        constexpr std::size_t input = input_of<typename Argument<One>::Input>();
        const bool loaded = co_await Argument<One>::load(exchange, std::get<I>(slots_), std::get<input>(slots_));
        if (!loaded) co_return false;
      }
      const bool rest = co_await load_named<I + 1>(exchange);
      co_return rest;
    }
  }

  /// The application's own, where none of them waits.
  template <std::size_t I = 0>
  bool make(Exchange& exchange) {
    if constexpr (I == sizeof...(Own)) {
      return true;
    } else {
      using One = std::tuple_element_t<I, std::tuple<Own...>>;
      return keep<I>(exchange, call_from<One>(exchange, typename FromOf<One>::Parameters{})) && make<I + 1>(exchange);
    }
  }
  template <std::size_t I = 0>
  Task<bool> make_later(Exchange& exchange) {
    if constexpr (I == sizeof...(Own)) {
      co_return true;
    } else {
      using One = std::tuple_element_t<I, std::tuple<Own...>>;
      if constexpr (FromOf<One>::waits) {
        auto result = co_await start_from<One>(exchange);
        if (!keep<I>(exchange, std::move(result))) co_return false;
      } else {
        if (!keep<I>(exchange, call_from<One>(exchange, typename FromOf<One>::Parameters{}))) co_return false;
      }
      const bool rest = co_await make_later<I + 1>(exchange);
      co_return rest;
    }
  }

  [[nodiscard]] std::string account() const {
    std::string account;
    name_account(account, std::index_sequence_for<Leaf...>{});
    return account;
  }

  /// Parameter `A`, which stands at `Place` of the function's own.
  template <class A, std::size_t Place>
  A hand_over([[maybe_unused]] Exchange& exchange) {
    if constexpr (is_among<A, Types<Own...>>) {
      auto& made = std::get<place_among<A>(Types<Own...>{})>(made_);
      if constexpr (times_among<A, Mentions> > 1) {
        static_assert(std::copy_constructible<A>,
                      "HANDLER-013: this parameter of your own is taken in two places, so it has to be copyable: keep "
                      "what is not in a std::shared_ptr, or take it once");
        return A(*made);
      } else {
        return A(*std::move(made));
      }
    } else {
      constexpr std::size_t place = any_own ? place_among<A>(Types<Leaf...>{}) : Place;
      if constexpr (is_shared<A>) {
        auto& kept = std::get<place>(kept_);
        if (!kept) kept.emplace(Argument<A>::pass(exchange, std::get<place>(slots_)));
        return A(*kept);
      } else {
        return Argument<A>::pass(exchange, std::get<place>(slots_));
      }
    }
  }

 private:
  // Taken by several functions: read or made once, and copied for each.
  template <class A>
  static constexpr bool is_shared = any_own && !std::is_reference_v<A> && (times_among<A, Uses> > 1);
  struct NotKept {};
  template <class A>
  using Kept = std::conditional_t<is_shared<A>, std::optional<A>, NotKept>;

  template <std::size_t... I>
  bool fill_each([[maybe_unused]] Exchange& exchange, std::index_sequence<I...>) {
    return (fill_one<Leaf>(exchange, std::get<I>(slots_)) && ...);
  }
  template <class One>
  static bool fill_one([[maybe_unused]] Exchange& exchange, [[maybe_unused]] typename Argument<One>::Slot& slot) {
    if constexpr (Argument<One>::waits) {
      return true;
    } else {
      return Argument<One>::fill(exchange, slot);
    }
  }
  // Which parameter is read into a `Struct`.
  template <class Struct, std::size_t I = 0>
  static consteval std::size_t input_of() {
    using One = std::tuple_element_t<I, std::tuple<Leaf...>>;
    if constexpr (std::same_as<One, Body<Struct>> || std::same_as<One, Form<Struct>> ||
                  std::same_as<One, Query<Struct>> || std::same_as<One, Query<Struct, ignore_unknown>>) {
      return I;
    } else {
      return input_of<Struct, I + 1>();
    }
  }
  template <std::size_t... I>
  void name_account([[maybe_unused]] std::string& account, std::index_sequence<I...>) const {
    (account_from<Leaf>(std::get<I>(slots_), account), ...);
  }

  template <class One, class... B>
  auto call_from([[maybe_unused]] Exchange& exchange, Types<B...>) {
    return One::from(hand_over<B, 0>(exchange)...);
  }
  template <class One>
  auto start_from(Exchange& exchange) {
    auto task = call_from<One>(exchange, typename FromOf<One>::Parameters{});
    OwnedTask<typename FromOf<One>::Result> own(task);
    if (own.maker()) check_frame(exchange, *own.maker());
    return AwaitedTask<typename FromOf<One>::Result>(std::move(own));
  }
  template <std::size_t I, class Result>
  bool keep([[maybe_unused]] Exchange& exchange, Result&& result) {
    using One = std::tuple_element_t<I, std::tuple<Own...>>;
    auto& made = std::get<I>(made_);
    if constexpr (std::same_as<std::remove_cvref_t<Result>, One>) {
      made.emplace(std::forward<Result>(result));
    } else if constexpr (is_maybe<std::remove_cvref_t<Result>>) {
      if (!result) {
        answer_not_found(exchange);
        return false;
      }
      made.emplace(*std::forward<Result>(result));
    } else {
      if (!result) {
        answer(exchange, Response(result.problem()));
        return false;
      }
      made.emplace(*std::forward<Result>(result));
    }
    return true;
  }

  std::tuple<typename Argument<Leaf>::Slot...> slots_;
  std::tuple<Kept<Leaf>...> kept_;
  std::tuple<std::optional<Own>...> made_;
};

template <class... A>
struct ValuesOf {
  using Type = ParameterValues<Types<A...>, Types<>, Types<A...>, Types<>>;
};
template <class... A>
  requires(OwnParameter<A> || ...)
struct ValuesOf<A...> {
  template <class Uses>
  struct Leaves;
  template <class... Use>
  struct Leaves<Types<Use...>> {
    using Type = DistinctTypes<Use...>;
  };
  using Expanded = ExpansionOf<A...>;
  using Type = ParameterValues<typename Leaves<typename Expanded::Uses>::Type, typename Expanded::Owns,
                               typename Expanded::Uses, typename Expanded::Mentions>;
};

}  // namespace sallyport::detail
