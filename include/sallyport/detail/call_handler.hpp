// Calls a handler: fills its parameters, waits where one of them has to be loaded, and writes down what it returns.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/bytes.hpp>
#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/extract.hpp>
#include <sallyport/json.hpp>
#include <sallyport/reflect.hpp>
#include <sallyport/response.hpp>
#include <sallyport/stream.hpp>
#include <sallyport/task.hpp>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace sallyport::detail {

// --- Answers

template <class T>
struct Unwrapped {
  using type = T;
  static constexpr int status = 200;
};
template <class T>
struct Unwrapped<Ok<T>> {
  using type = T;
  static constexpr int status = 200;
};
template <class T>
struct Unwrapped<Created<T>> {
  using type = T;
  static constexpr int status = 201;
};

// Whether a value has a view is asked where it is written (OUT-001), with a better message.
template <class R>
concept Answer = std::is_class_v<typename Unwrapped<R>::type> &&
                 !std::is_convertible_v<typename Unwrapped<R>::type, std::string_view>;

template <class R>
void put_answer(Exchange& exchange, R result) {
  using Value = R;
  if constexpr (StreamAnswer<Value>) {
    Pieces pieces = result.take();
    if (pieces && pieces.maker()) check_frame(exchange, *pieces.maker());
    answer_pieces(exchange, std::move(pieces), Value::media_type, Value::events);
  } else if constexpr (std::same_as<Value, Response>) {
    answer(exchange, std::move(result));
  } else if constexpr (std::same_as<Value, Page> || std::same_as<Value, Problem>) {
    answer(exchange, Response(std::move(result)));
  } else if constexpr (is_bytes<Value>) {
    answer_bytes(exchange, std::move(result.bytes()), Value::media_type, result.disposition());
  } else if constexpr (std::same_as<Value, NoContent>) {
    answer_empty(exchange, 204);
  } else if constexpr (is_maybe<Value>) {
    if (!result) return answer_not_found(exchange);
    put_answer(exchange, *std::move(result));
  } else if constexpr (std::same_as<Value, typename Unwrapped<Value>::type>) {
    to_json(answer_json(exchange, 200), result);
  } else {
    to_json(answer_json(exchange, Unwrapped<Value>::status), result.value);
  }
}

// --- Calling

template <class T>
struct IsTask : std::false_type {
  using Value = T;
};
template <class T>
struct IsTask<Task<T>> : std::true_type {
  using Value = T;
};

/// A handler as the kernel calls it: a function (either `now` or `later` is set) and the facts of its signature.
struct ErasedHandler {
  void (*function)() = nullptr;
  void (*now)(Exchange&, void (*)()) = nullptr;
  Task<void> (*later)(Exchange&, void (*)()) = nullptr;
  const void* closure = nullptr;  ///< of a lambda: its tag, see FrameMaker
  HandlerFacts facts;
};

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

template <class R, class... A>
struct Caller {
  using Slots = std::tuple<typename Argument<A>::Slot...>;
  using Function = R (*)(A...);

  static void now(Exchange& exchange, void (*function)()) {
    Slots slots;
    if (!fill(exchange, slots, std::index_sequence_for<A...>{})) return;
    put_answer(exchange, call(exchange, function, slots, std::index_sequence_for<A...>{}));
  }

  // First the object, which proves that the caller owns it, then the body: the body of another caller is not read.
  static constexpr bool loads = ((Argument<A>::waits && !Argument<A>::needs_input) || ...);
  static constexpr bool loads_inputs = (Argument<A>::needs_input || ...);
  static constexpr bool loads_before_body = loads && ((Argument<A>::is_body && !Argument<A>::is_stream) || ...);

  static Task<void> later(Exchange& exchange, void (*function)()) {
    Slots slots;
    if constexpr (loads_before_body) {
      const bool loaded = co_await load<0>(exchange, slots);
      if (!loaded) co_return;
      co_await WholeBody(exchange);
    }
    if (!fill(exchange, slots, std::index_sequence_for<A...>{})) co_return;
    if constexpr ((Argument<A>::needs_attempts || ...)) {
      std::string account;
      name_account(slots, account, std::index_sequence_for<A...>{});
      const bool admitted = co_await begin_attempt(exchange, std::move(account));
      if (!admitted) co_return;
    }
    if constexpr (loads && !loads_before_body) {
      const bool loaded = co_await load<0>(exchange, slots);
      if (!loaded) co_return;
    }
    if constexpr (loads_inputs) {
      const bool loaded = co_await load_named<0>(exchange, slots);
      if (!loaded) co_return;
    }
    if constexpr (IsTask<R>::value) {
      auto result = co_await start(exchange, function, slots);
      put_answer(exchange, std::move(result));
    } else {
      put_answer(exchange, call(exchange, function, slots, std::index_sequence_for<A...>{}));
    }
  }

 private:
  template <std::size_t... I>
  static bool fill([[maybe_unused]] Exchange& exchange, [[maybe_unused]] Slots& slots, std::index_sequence<I...>) {
    return (fill_one<A>(exchange, std::get<I>(slots)) && ...);
  }
  template <class One>
  static bool fill_one([[maybe_unused]] Exchange& exchange, [[maybe_unused]] typename Argument<One>::Slot& slot) {
    if constexpr (Argument<One>::waits) {
      return true;
    } else {
      return Argument<One>::fill(exchange, slot);
    }
  }
  template <std::size_t I>
  static Task<bool> load(Exchange& exchange, Slots& slots) {
    if constexpr (I == sizeof...(A)) {
      co_return true;
    } else {
      using One = std::tuple_element_t<I, std::tuple<A...>>;
      if constexpr (Argument<One>::waits && !Argument<One>::needs_input) {
        const bool loaded = co_await Argument<One>::load(exchange, std::get<I>(slots));
        if (!loaded) co_return false;
      }
      const bool rest = co_await load<I + 1>(exchange, slots);
      co_return rest;
    }
  }
  // What members of the inputs name.
  template <std::size_t I>
  static Task<bool> load_named(Exchange& exchange, Slots& slots) {
    if constexpr (I == sizeof...(A)) {
      co_return true;
    } else {
      using One = std::tuple_element_t<I, std::tuple<A...>>;
      if constexpr (Argument<One>::needs_input) {
        constexpr std::size_t input = input_of<typename Argument<One>::Input>();
        const bool loaded = co_await Argument<One>::load(exchange, std::get<I>(slots), std::get<input>(slots));
        if (!loaded) co_return false;
      }
      const bool rest = co_await load_named<I + 1>(exchange, slots);
      co_return rest;
    }
  }
  // Which parameter is read into a `Struct`.
  template <class Struct, std::size_t I = 0>
  static consteval std::size_t input_of() {
    using One = std::tuple_element_t<I, std::tuple<A...>>;
    if constexpr (std::same_as<One, Body<Struct>> || std::same_as<One, Form<Struct>> ||
                  std::same_as<One, Query<Struct>> || std::same_as<One, Query<Struct, ignore_unknown>>) {
      return I;
    } else {
      return input_of<Struct, I + 1>();
    }
  }
  template <std::size_t... I>
  static void name_account(const Slots& slots, std::string& account, std::index_sequence<I...>) {
    (account_from<A>(std::get<I>(slots), account), ...);
  }
  // The handler's own frame: another's could refer to variables of the handler, which has returned.
  static auto start(Exchange& exchange, void (*function)(), Slots& slots) {
    R task = call(exchange, function, slots, std::index_sequence_for<A...>{});
    OwnedTask<typename IsTask<R>::Value> own(task);
    if (own.maker()) check_frame(exchange, *own.maker());
    return AwaitedTask<typename IsTask<R>::Value>(std::move(own));
  }
  template <std::size_t... I>
  static R call([[maybe_unused]] Exchange& exchange, void (*function)(), [[maybe_unused]] Slots& slots,
                std::index_sequence<I...>) {
    return reinterpret_cast<Function>(function)(Argument<A>::pass(exchange, std::get<I>(slots))...);
  }
};

}  // namespace sallyport::detail
