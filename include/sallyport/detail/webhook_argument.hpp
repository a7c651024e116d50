// How a handler takes the body of a webhook.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/webhook.hpp>

namespace sallyport::detail {

template <class Scheme, class T>
struct Argument<Signed<Scheme, T>> : ArgumentDefaults {
  static constexpr bool is_body = true;
  using Content = SignedContent<T>;
  using Slot = typename Schema<typename Content::Type>::Slot;
  static void describe(HandlerFacts& facts) {
    facts.webhook = checked_scheme<Scheme>();
    facts.reads_json = !Content::form;
    facts.body = &Schema<typename Content::Type>::info;
  }
  static consteval bool check() {
    if constexpr (Content::form) {
      return check_flat_input<typename Content::Type>();
    } else {
      return check_input<T>();
    }
  }
  static_assert(check() && no_password<typename Content::Type>());
  static bool fill(Exchange& exchange, Slot& slot) {
    return read_signed(exchange, Schema<typename Content::Type>::info, &slot, Content::form);
  }
  static Signed<Scheme, T> pass(Exchange& exchange, Slot& slot) {
    return Admit::make<Signed<Scheme, T>>(request_of(exchange), slot.take());
  }
};
template <class Scheme>
struct Argument<Signed<Scheme, void>> : ArgumentDefaults {
  static constexpr bool is_body = true;
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.webhook = checked_scheme<Scheme>(); }
  static bool fill(Exchange&, Slot&) { return true; }
  static Signed<Scheme> pass(Exchange& exchange, Slot&) { return Admit::make<Signed<Scheme>>(request_of(exchange)); }
};

}  // namespace sallyport::detail
