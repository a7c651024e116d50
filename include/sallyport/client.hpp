// Client and LastEventId: what a request says of who sent it, for the log, and where its event stream went off.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/problem.hpp>
#include <sallyport/schema.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

/// What is known of the client: a reason to log, never to authorize, since addresses change hands and a user agent is what anybody
/// writes. A policy of your own can't take it (AUTHZ-017).
class Client final {
 public:
  /// The address as limits see it: of the peer, or the one that a trusted proxy names. `192.0.2.1`, `2001:db8::1`.
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  /// Of the service's origin: `https`, or `http` in development.
  [[nodiscard]] std::string_view scheme() const noexcept { return scheme_; }
  /// What the client calls itself, at most 256 bytes of printable UTF-8; empty when it says nothing.
  [[nodiscard]] const std::string& user_agent() const noexcept { return user_agent_; }

 private:
  friend struct detail::Admit;
  Client(std::string address, std::string_view scheme, std::string user_agent)
      : address_(std::move(address)), scheme_(scheme), user_agent_(std::move(user_agent)) {}
  std::string address_;
  std::string_view scheme_;
  std::string user_agent_;
};

/// The id of the last event that a reconnecting `EventSource` has seen: empty on its first connection.
///
///     sp::EventStream changes(sp::SignedIn me, sp::LastEventId last) {
///       auto next = last.as<sp::Int<0, 1'000'000'000>>().value_or(0).value() + 1;
///
/// More than 128 bytes, control characters and what is not UTF-8 are answered 400.
class LastEventId final {
 public:
  [[nodiscard]] explicit operator bool() const noexcept { return !text_.empty(); }
  [[nodiscard]] std::string_view view() const noexcept { return text_; }
  /// Read as a `T`, nothing when there is none. Throws a `Problem` (400) when it is no `T`.
  template <class T>
  [[nodiscard]] Maybe<T> as() const {
    if (text_.empty()) return std::nullopt;
    typename detail::Schema<T>::Slot slot;
    detail::FieldErrors errors;
    if (!detail::read_scalar(text_, "Last-Event-ID", detail::Schema<T>::info, &slot, errors))
      throw Problem(400, "Invalid input", "Last-Event-ID names no event of this stream.");
    return slot.take();
  }

 private:
  friend struct detail::Admit;
  explicit LastEventId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

namespace detail {

[[nodiscard]] std::string client_address_of(Exchange& exchange);
[[nodiscard]] std::string_view scheme_of(const Exchange& exchange) noexcept;
[[nodiscard]] std::string user_agent_of(const Exchange& exchange);
/// False: the answer is 400.
bool read_last_event_id(Exchange& exchange, std::string& out);

template <>
struct Argument<Client> : ArgumentDefaults {
  static constexpr bool may_judge = false;
  static constexpr bool reads_head = true;
  using Slot = EmptySlot;
  static bool fill(Exchange&, Slot&) { return true; }
  static Client pass(Exchange& exchange, Slot&) {
    return Admit::make<Client>(client_address_of(exchange), scheme_of(exchange), user_agent_of(exchange));
  }
};

template <>
struct Argument<LastEventId> : ArgumentDefaults {
  static constexpr bool reads_head = true;
  using Slot = std::string;
  static bool fill(Exchange& exchange, Slot& slot) { return read_last_event_id(exchange, slot); }
  static LastEventId pass(Exchange&, Slot& slot) { return Admit::make<LastEventId>(std::move(slot)); }
};

}  // namespace detail

}  // namespace sallyport
