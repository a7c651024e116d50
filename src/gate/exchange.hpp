// Exchange: one request on its way through the gate to its answer. Lives in its connection and is reused.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/job.hpp>
#include <sallyport/response.hpp>
#include <sallyport/stream.hpp>
#include <sallyport/task.hpp>

#include "base/clock.hpp"
#include "base/ip_range.hpp"
#include "base/timing_wheel.hpp"
#include "gate/answer.hpp"
#include "gate/limits.hpp"
#include "gate/loop.hpp"
#include "http/http1_parser.hpp"
#include "identity/principal.hpp"
#include "limits/call_counter.hpp"

#include <array>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport {

namespace detail {
struct CorsFacts;
}  // namespace detail

namespace route {
struct Route;
class Service;
}  // namespace route

namespace gate {

struct HeaderBlock;
struct Rules;

/// What the gate has to know of the route that a request will reach.
struct RouteFacts {
  std::string pattern;                                 ///< as registered: what logs show instead of the raw path
  bool begins_session = false;                         ///< login CSRF: cookies or not, the caller must be our own page
  bool is_asset = false;                               ///< public and not counted by the general limit
  bool reads_form = false;                             ///< its body may hold a CSRF token
  bool embeddable = false;                             ///< other sites may frame it
  const sallyport::detail::CorsFacts* cors = nullptr;  ///< whose pages may read it; null: no other site's
  std::uint16_t headers = 0;                           ///< which of `Rules::headers`
  std::vector<RouteLimit> limits;
};

/// A path parameter: its name in the pattern and the decoded text.
struct Parameter {
  std::string_view name;
  std::string_view value;
};

/// Where a request is on its way.
enum class Phase : std::uint8_t { head, general_limit, session, route_limits, body, handler, pieces };

/// What CORS grants, told in the answer's Access-Control fields. No origin: nothing.
struct CorsGrant {
  std::string_view origin;  ///< as the request named it, or `*`
  bool credentials = false;
  bool any = false;  ///< `*`
  std::string_view expose;
  bool preflight = false;  ///< these two are of answers to preflights only
  std::string_view methods;
  std::string_view headers;
};

/// What of its body a request waits for.
enum class BodyWant : std::uint8_t {
  none,
  whole,  ///< all of it, at most `Exchange::body_limit` bytes, followed by 64 readable bytes
  piece,  ///< some of it, or word that it has ended
};

/// How an attempt at a route with `attempts` stands.
enum class AttemptState : std::uint8_t { none, counted, failed, succeeded };

class Exchange;

/// Whoever drives the exchange (a connection): told when a waiting exchange has gone on.
class ExchangeOwner {
 public:
  /// The exchange waited, and has gone on: ask `route::resumed`. On the event loop's thread.
  virtual void exchange_moved(Exchange& exchange) noexcept = 0;
  /// Keeps the owner, and with it the exchange, alive while work elsewhere points to it.
  virtual std::shared_ptr<void> keep_alive() noexcept = 0;

 protected:
  ~ExchangeOwner() = default;
};

class Exchange final : public detail::TaskContext, private base::TimingWheel::Timer {
 public:
  Exchange(const route::Service& service, const Rules& rules, Loop& loop, ExchangeOwner& owner,
           const base::IpAddress& peer);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() = default;

  /// Forgets the last request, keeps the memory.
  void reset() noexcept;

  // --- What came in
  http::RequestHead head;
  std::string decoded_path;  ///< storage of `path` where something was escaped
  std::string_view path;     ///< decoded once, checked; empty before the path step
  std::string_view
      body;  ///< complete when the handler runs, followed by 64 readable bytes; or the piece that was asked for
  bool body_ended = false;  ///< of a body read in pieces: nothing follows `body`
  bool preflight =
      false;  ///< OPTIONS that asks for another method: `facts` are of that method's route, `route` is none
  bool cors_path = false;          ///< of a preflight: some method of its path has CORS
  std::string edited_body;         ///< storage of `body` where the form's token has been taken out of its middle
  bool csrf_token_wanted = false;  ///< the form's token decides, when the body is there
  bool redirect_listener = false;  ///< came in on the port without TLS that only redirects
  base::IpAddress peer;            ///< the other end of the connection
  base::IpAddress client;          ///< the peer, or whom a trusted proxy names
  base::Clock::SteadyTime started;

  // --- What was found out
  const route::Route* route = nullptr;
  const RouteFacts* facts = nullptr;
  std::string_view allow;  ///< the methods the path exists with, as the Allow field lists them
  std::array<Parameter, 16> parameters;
  std::size_t parameter_count = 0;
  std::optional<detail::Principal> principal;
  Phase phase = Phase::head;
  std::uint64_t body_limit = 0;  ///< bytes; set when the route wants the body

  // --- What the handler asked for, done before the answer leaves
  AttemptState attempt = AttemptState::none;
  std::array<limits::Charge, 2> attempt_charges{};  ///< the source's and the account's (or its device's)
  std::int64_t attempted_ns = 0;
  detail::AttemptOutcome outcome;
  bool known_device = false;  ///< a browser that has signed in to this account before
  std::optional<User> begin_session_for;
  bool end_session = false;

  // --- What goes out
  Answer answer;
  detail::Pieces pieces;  ///< the rest of the body, with `BodySource::pieces`
  CorsGrant cors;
  limits::CallCounter::Seat seat;  ///< among the calls of the route that run

  // --- Limits
  struct Due {
    std::array<limits::Charge, limits::max_charges> charges;
    std::array<const LimitPolicy*, limits::max_charges> policies;
    std::size_t count = 0;
  } due;  ///< what the next decision is about
  std::array<CountedLimit, limits::max_charges> limits;
  std::size_t counted_limits = 0;
  struct Charged {
    limits::Charge charge;
    std::int64_t at_ns = 0;    ///< by the clock of the store that counted it
    bool of_failures = false;  ///< given back unless the request fails
    bool counted_here = true;  ///< or by Redis
  };
  std::array<Charged, limits::max_charges> charged;  ///< of the route's own limits
  std::size_t charged_count = 0;
  bool limits_hold = true;                  ///< what `ask_limits` has found
  mutable std::string limit_policies_text;  ///< where fields of several limits are put together
  mutable std::string limits_text;

  const route::Service& service;
  const Rules& rules;
  Loop& loop;

  /// The request's id: 128 random bits, drawn when first asked for, in the form of a UUID (RFC 9562 version 4).
  [[nodiscard]] std::string_view id();

  [[nodiscard]] bool head_only() const noexcept { return head.method == http::Method::head; }
  /// GET, HEAD and OPTIONS change nothing (RFC 9110 9.2.1).
  [[nodiscard]] bool safe_method() const noexcept {
    return head.method == http::Method::get || head.method == http::Method::head ||
           head.method == http::Method::options;
  }
  /// The fields that the class of the answer decides.
  [[nodiscard]] const HeaderBlock& header_block() const noexcept;
  /// A browser asked for a document to show: errors are pages then.
  [[nodiscard]] bool wants_page() const noexcept;

  // --- The body, for whoever waits for it
  [[nodiscard]] BodyWant body_wanted() const noexcept { return body_wanted_; }
  /// The handler runs when the whole body is there.
  void want_whole_body() noexcept { body_wanted_ = BodyWant::whole; }
  /// A coroutine of this request goes on when the body, or a piece of it, is there.
  void want_body(BodyWant want, std::coroutine_handle<> waiter) noexcept {
    body_wanted_ = want;
    body_waiter_ = waiter;
  }
  /// What was wanted is in `body`. False when no coroutine waited for it.
  bool resume_body_waiter() noexcept;

  // --- Waiting
  /// Starts `task`. True when it has finished without waiting; otherwise the owner is told later.
  bool start(Task<void> task);
  /// Nobody waits for the answer any more: the task is destroyed as soon as no work elsewhere points into it.
  void abandon() noexcept;
  [[nodiscard]] bool waiting() const noexcept { return waiting_; }
  [[nodiscard]] bool task_done() const noexcept { return !task_ || task_->done(); }
  /// Ends the finished task, rethrowing what it threw.
  void take_task();

  void post(detail::Job& finished) noexcept override { loop.events.post(finished); }
  void resume(detail::Job& finished) noexcept override;
  void wake_after(std::chrono::nanoseconds time, std::coroutine_handle<> waiter) noexcept override;

 private:
  void expired() noexcept override;  // of wake_after
  void moved() noexcept;
  void drop() noexcept;

  ExchangeOwner& owner_;
  std::optional<Task<void>> task_;
  std::shared_ptr<void> kept_alive_;
  std::coroutine_handle<> body_waiter_;
  std::coroutine_handle<> sleeper_;
  BodyWant body_wanted_ = BodyWant::none;
  bool waiting_ = false;
  bool abandoned_ = false;
  std::array<char, 36> id_{};
  bool has_id_ = false;
};

}  // namespace gate
}  // namespace sallyport
