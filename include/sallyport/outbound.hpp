// Outbound<"https://api.example">: calls of another service, of an origin that the handler's signature names.
#pragma once

#include <sallyport/detail/argument.hpp>
#include <sallyport/detail/held_request.hpp>
#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/outbound_message.hpp>
#include <sallyport/detail/outbound_origin.hpp>
#include <sallyport/fixed_string.hpp>
#include <sallyport/json.hpp>
#include <sallyport/maybe.hpp>
#include <sallyport/outbound_error.hpp>
#include <sallyport/public_url.hpp>
#include <sallyport/schema.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/task.hpp>
#include <sallyport/url.hpp>

#include <chrono>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport {

/// The name of a field of a call, a literal: `"Accept"`, `"Idempotency-Key"`, `"X-Api-Version"`. What the client writes itself does not compile
/// (EGRESS-002): the key of an API goes with `bearer`, a body with `json` or `form`.
class OutboundFieldName {
 public:
  template <std::size_t N>
  consteval OutboundFieldName(const char (&name)[N]) : name_(name) {  // NOLINT(google-explicit-constructor)
    if (!detail::is_outbound_field(name_.view()))
      throw "EGRESS-002: the client writes this field itself, or it is no token: a key goes with bearer(), a body with json()";
  }
  template <detail::NotALiteral<OutboundFieldName> Argument>
  __attribute__((
      unavailable("EGRESS-002: the name of a field is a \"literal\": what is made at run time goes into its value")))
  OutboundFieldName(Argument&&);  // NOLINT: every other argument, to say why not
  [[nodiscard]] constexpr std::string_view view() const noexcept { return name_.view(); }

 private:
  detail::LiteralText name_;
};

/// What another service has answered: bytes of somebody else, of which `json<T>()` makes a checked value.
class OutboundAnswer {
 public:
  OutboundAnswer(detail::OutboundReply reply, std::string_view origin) : reply_(std::move(reply)), origin_(origin) {}

  [[nodiscard]] int status() const noexcept { return reply_.status; }
  /// 2xx. Redirects are not followed: they are answers like others.
  [[nodiscard]] bool ok() const noexcept { return reply_.status >= 200 && reply_.status < 300; }
  /// The content as it came. Never a page or a header of yours without a check.
  [[nodiscard]] const std::string& body() const& noexcept { return reply_.body; }
  [[nodiscard]] std::string body() && noexcept { return std::move(reply_.body); }
  /// The first field of that name, in any case.
  [[nodiscard]] Maybe<std::string> field(std::string_view name) const {
    for (const detail::OutboundField& each : reply_.fields) {
      if (detail::equal_ignoring_case(each.name, name)) return each.value;
    }
    return {};
  }

  /// The content as a `T`, a struct as inputs have it (bounds, formats, secrets): somebody else's word is no better than a client's. Members
  /// that `T` does not name are passed over. Throws OutboundError: `unexpected_status` unless it is 2xx, `unexpected_body` when it is no `T`.
  template <class T>
  [[nodiscard]] T json() const {
    if (!ok()) throw OutboundError(OutboundFailure::unexpected_status, "the status is no 2xx", origin_, status());
    return json_of_any_status<T>();
  }
  /// The same whatever the status: for services that explain a refusal in JSON.
  template <class T>
  [[nodiscard]] T json_of_any_status() const {
    static_assert(detail::check_input<T>());
    detail::FieldErrors errors;
    typename detail::Schema<T>::Slot slot{};
    if (!detail::read_json(reply_.body.data(), reply_.body.size(), reply_.body.size(), detail::Schema<T>::info, &slot,
                           errors, detail::UnknownMembers::are_passed_over)) {
      throw OutboundError(OutboundFailure::unexpected_body, "the answer is not as the struct describes it", origin_,
                          status());
    }
    return slot.take();
  }

 private:
  detail::OutboundReply reply_;
  std::string_view origin_;
};

namespace detail {

/// Sends `request` for the request that runs, and waits; throws OutboundError.
[[nodiscard]] Task<OutboundAnswer> call_outbound(std::string_view origin, OutboundRequest request);
/// The same, of an address that a client named.
[[nodiscard]] Task<OutboundAnswer> call_public(PublicUrl url, OutboundRequest request);
/// Throws `std::invalid_argument` for a control character.
void add_outbound_field(OutboundRequest& request, std::string_view name, std::string value);
void add_bearer(OutboundRequest& request, const SecretBytes& token);

}  // namespace detail

/// A call that is being put together. It is sent when it is awaited, once, where it is written:
///
///     const sp::OutboundAnswer answer = co_await bank.post("/charges").bearer(config->bank_key).json(charge).within(5s);
class [[nodiscard("TASK-003: nothing happens until it is awaited: write co_await before the call")]] OutboundCall {
 public:
  OutboundCall(detail::HeldRequest request, std::string_view origin, std::string_view method, std::string_view target)
      : held_(request), origin_(origin) {
    call_.method = method;
    call_.target = std::string(target.substr(0, target.find('#')));  // a fragment is not sent
  }
  /// To where a client said.
  OutboundCall(detail::HeldRequest request, std::string_view method, const PublicUrl& url) : held_(request), url_(url) {
    call_.method = method;
    call_.target = std::string(url.target());
  }
  OutboundCall(const OutboundCall&) = delete;
  OutboundCall& operator=(const OutboundCall&) = delete;

  /// A value with a `view` as the body, in JSON.
  template <class T>
  OutboundCall&& json(const T& value) && {
    call_.body.clear();
    to_json(call_.body, value);
    call_.content_type = "application/json";
    return std::move(*this);
  }
  /// Plain text as the body.
  OutboundCall&& text(std::string text) && {
    call_.body = std::move(text);
    call_.content_type = "text/plain; charset=utf-8";
    return std::move(*this);
  }
  /// A field. Throws `std::invalid_argument` for a value with control characters.
  OutboundCall&& header(OutboundFieldName name, std::string value) && {
    detail::add_outbound_field(call_, name.view(), std::move(value));
    return std::move(*this);
  }
  /// `Authorization: Bearer …`, with a secret of `app.secret<"name">()`.
  OutboundCall&& bearer(const SecretBytes& token) && {
    detail::add_bearer(call_, token);
    return std::move(*this);
  }
  /// The time for all of it: looking the name up, connecting, TLS, sending, and the last byte of the answer. 10 seconds unless it is said;
  /// `limits.handler_seconds` counts as well.
  OutboundCall&& within(std::chrono::nanoseconds time) && noexcept {
    call_.time = time;
    return std::move(*this);
  }
  /// The most bytes of content that the answer may have. 1 MiB unless it is said, 64 MiB at most.
  OutboundCall&& at_most(std::size_t bytes) && noexcept {
    constexpr std::size_t most = std::size_t{64} << 20;
    call_.most_bytes = bytes < most ? bytes : most;
    return std::move(*this);
  }

  /// Awaited: the OutboundAnswer, or OutboundError is thrown.
  auto operator co_await() && {
    static_cast<void>(held_.get());  // ends the request where the parameter was kept from another
    Task<OutboundAnswer> task = url_ ? detail::call_public(*std::move(url_), std::move(call_))
                                     : detail::call_outbound(origin_, std::move(call_));
    return detail::AwaitedTask<OutboundAnswer>(detail::OwnedTask<OutboundAnswer>(task));
  }

 private:
  detail::HeldRequest held_;
  std::string_view origin_;
  std::optional<PublicUrl> url_;
  detail::OutboundRequest call_;
};

/// A client of one other service, for a handler that is a Task: HTTP/1.1 over connections that are kept, TLS with verification of chain and
/// name, on the event loop, nothing waits for it but this request.
///
///     sp::Task<Rate> rate(sp::Path<"code", sp::Text<3, 3>> code, sp::Outbound<"https://rates.example"> rates) {
///       const sp::OutboundAnswer answer = co_await rates.get(sp::local_url<"/v1/{}">(*code)).within(2s);
///       co_return answer.json<Rate>();
///     }
///
/// The origin is a literal, so that the route report (`--policy`) lists every way out. It is https, but for this machine. An answer comes
/// by the deadline and within the size, or OutboundError is thrown; uncaught, it is a 502, 503 or 504 without a detail. A request is repeated only
/// when it is idempotent and a connection that was kept ended without a byte of an answer. Redirects are not followed. The trace of the
/// request goes along (`traceparent`).
template <detail::FixedString Origin>
class Outbound {
  static_assert(
      detail::is_outbound_origin(Origin.view()),
      "EGRESS-001: an origin is https://host or https://host:port in lower case, without a path and without the "
      "scheme's own port; http is for this machine only: http://localhost:9000");

 public:
  OutboundCall get(LocalPath path) const { return call("GET", path.view()); }
  template <std::same_as<LocalUrl> Url>
  OutboundCall get(const Url& path) const {
    return call("GET", path.view());
  }
  OutboundCall head(LocalPath path) const { return call("HEAD", path.view()); }
  template <std::same_as<LocalUrl> Url>
  OutboundCall head(const Url& path) const {
    return call("HEAD", path.view());
  }
  OutboundCall post(LocalPath path) const { return call("POST", path.view()); }
  template <std::same_as<LocalUrl> Url>
  OutboundCall post(const Url& path) const {
    return call("POST", path.view());
  }
  OutboundCall put(LocalPath path) const { return call("PUT", path.view()); }
  template <std::same_as<LocalUrl> Url>
  OutboundCall put(const Url& path) const {
    return call("PUT", path.view());
  }
  OutboundCall patch(LocalPath path) const { return call("PATCH", path.view()); }
  template <std::same_as<LocalUrl> Url>
  OutboundCall patch(const Url& path) const {
    return call("PATCH", path.view());
  }
  OutboundCall del(LocalPath path) const { return call("DELETE", path.view()); }
  template <std::same_as<LocalUrl> Url>
  OutboundCall del(const Url& path) const {
    return call("DELETE", path.view());
  }

 private:
  friend struct detail::Admit;
  explicit Outbound(detail::TaskContext& request) : request_(request) {}
  OutboundCall call(std::string_view method, std::string_view target) const {
    return OutboundCall(request_, Origin.view(), method, target);
  }

  detail::HeldRequest request_;
};

/// A client of the addresses that clients name: webhooks that are sent to customers, previews of links. It takes a `PublicUrl`, and calls it only
/// when all addresses of its host are public ones: looked up once, checked, and then connected to, so that no answer of a name server comes
/// between. No connection is kept, no redirect is followed, nothing is sent a second time.
///
///     struct Hook { sp::PublicUrl url; };
///     sp::Task<sp::NoContent> try_hook(sp::Body<Hook> hook, sp::OutboundAny internet) {
///       const sp::OutboundAnswer answer = co_await internet.post(hook->url).json(Ping{"hello"}).within(3s).at_most(64_KiB);
class OutboundAny {
 public:
  OutboundCall get(const PublicUrl& url) const { return OutboundCall(request_, "GET", url); }
  OutboundCall head(const PublicUrl& url) const { return OutboundCall(request_, "HEAD", url); }
  OutboundCall post(const PublicUrl& url) const { return OutboundCall(request_, "POST", url); }
  OutboundCall put(const PublicUrl& url) const { return OutboundCall(request_, "PUT", url); }

 private:
  friend struct detail::Admit;
  explicit OutboundAny(detail::TaskContext& request) : request_(request) {}
  detail::HeldRequest request_;
};

namespace detail {

template <>
struct Argument<OutboundAny> : ArgumentDefaults {
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.add_outbound("any public address"); }
  static bool fill(Exchange&, Slot&) { return true; }
  static OutboundAny pass(Exchange& exchange, Slot&) { return Admit::make<OutboundAny>(request_of(exchange)); }
};

template <FixedString Origin>
struct Argument<Outbound<Origin>> : ArgumentDefaults {
  using Slot = EmptySlot;
  static void describe(HandlerFacts& facts) { facts.add_outbound(Origin.view()); }
  static bool fill(Exchange&, Slot&) { return true; }
  static Outbound<Origin> pass(Exchange& exchange, Slot&) {
    return Admit::make<Outbound<Origin>>(request_of(exchange));
  }
};

}  // namespace detail
}  // namespace sallyport
