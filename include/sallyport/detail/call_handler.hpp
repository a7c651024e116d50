// Calls a handler: fills its parameters, waits where one of them has to be loaded, and writes down what it returns.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/bytes.hpp>
#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/detail/parameter_values.hpp>
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

/// A handler as the kernel calls it: a function (either `now` or `later` is set) and the facts of its signature.
struct ErasedHandler {
  void (*function)() = nullptr;
  void (*now)(Exchange&, void (*)()) = nullptr;
  Task<void> (*later)(Exchange&, void (*)()) = nullptr;
  const void* closure = nullptr;  ///< of a lambda: its tag, see FrameMaker
  HandlerFacts facts;
};

template <class R, class... A>
struct Caller {
  using Values = typename ValuesOf<A...>::Type;
  using Function = R (*)(A...);

  static void now(Exchange& exchange, void (*function)()) {
    Values values;
    if (!values.fill(exchange)) return;
    if (!values.make(exchange)) return;
    put_answer(exchange, call(exchange, function, values, std::index_sequence_for<A...>{}));
  }

  static Task<void> later(Exchange& exchange, void (*function)()) {
    Values values;
    if constexpr (Values::loads_before_body) {
      const bool loaded = co_await values.load(exchange);
      if (!loaded) co_return;
      co_await WholeBody(exchange);
    }
    if (!values.fill(exchange)) co_return;
    if constexpr (Values::needs_attempts) {
      const bool admitted = co_await begin_attempt(exchange, values.account());
      if (!admitted) co_return;
    }
    if constexpr (Values::loads && !Values::loads_before_body) {
      const bool loaded = co_await values.load(exchange);
      if (!loaded) co_return;
    }
    if constexpr (Values::loads_inputs) {
      const bool loaded = co_await values.load_named(exchange);
      if (!loaded) co_return;
    }
    if constexpr (Values::own_waits) {
      const bool made = co_await values.make_later(exchange);
      if (!made) co_return;
    } else {
      if (!values.make(exchange)) co_return;
    }
    if constexpr (IsTask<R>::value) {
      auto result = co_await start(exchange, function, values);
      put_answer(exchange, std::move(result));
    } else {
      put_answer(exchange, call(exchange, function, values, std::index_sequence_for<A...>{}));
    }
  }

 private:
  // The handler's own frame: another's could refer to variables of the handler, which has returned.
  static auto start(Exchange& exchange, void (*function)(), Values& values) {
    R task = call(exchange, function, values, std::index_sequence_for<A...>{});
    OwnedTask<typename IsTask<R>::Value> own(task);
    if (own.maker()) check_frame(exchange, *own.maker());
    return AwaitedTask<typename IsTask<R>::Value>(std::move(own));
  }
  template <std::size_t... I>
  static R call([[maybe_unused]] Exchange& exchange, void (*function)(), [[maybe_unused]] Values& values,
                std::index_sequence<I...>) {
    return reinterpret_cast<Function>(function)(values.template hand_over<A, I>(exchange)...);
  }
};

}  // namespace sallyport::detail
