// Exchange: one request and its answer, with what the checks have found. A connection leases one for each request
// (exchange_pool.hpp).
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/cache.hpp>
#include <sallyport/id.hpp>
#include <sallyport/job.hpp>
#include <sallyport/response.hpp>
#include <sallyport/task.hpp>

#include "base/clock.hpp"
#include "base/ip_range.hpp"
#include "base/timing_wheel.hpp"
#include "gate/answer.hpp"
#include "gate/limits.hpp"
#include "gate/loop.hpp"
#include "http/http1_parser.hpp"

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
#include <utility>

namespace sallyport {

namespace detail {
struct CorsFacts;
}  // namespace detail

namespace gate {

struct HeaderBlock;
struct Rules;
class Site;

/// What the gate has to know of the route that a request will reach.
struct RouteFacts {
  std::string pattern;          ///< as registered: what logs show instead of the raw path
  std::string registered;       ///< where in the source, `notes.cpp:42`; empty: it has no handler
  bool begins_session = false;  ///< login CSRF: cookies or not, the caller must be our own page
  bool is_asset = false;        ///< public and not counted by the general limit
  bool reads_form = false;      ///< its body may hold a CSRF token
  bool signed_body = false;     ///< a webhook: its sender proves itself by a signature, and is no browser
  bool embeddable = false;      ///< other sites may frame it
  const sallyport::detail::CorsFacts* cors = nullptr;       ///< whose pages may read it; null: no other site's
  std::uint16_t headers = 0;                                ///< which of `Rules::headers`
  std::optional<sallyport::detail::CacheFacts> cache = {};  ///< what its answers may be kept for; none: they are not
  std::vector<RouteLimit> limits;
};

/// What CORS grants; the answer's Access-Control fields are made of it. No origin: nothing is granted.
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
  piece,  ///< some of it, or the information that it has ended
};

class Exchange;

/// The owner of an exchange (a connection's session): called when a waiting exchange can go on.
class ExchangeOwner {
 public:
  /// The exchange waited and can go on: call `Site::resumed`. On the event loop's thread.
  virtual void exchange_moved(Exchange& exchange) noexcept = 0;
  /// Keeps the owner, and with it the exchange, alive while work elsewhere points to it.
  virtual std::shared_ptr<void> hold() noexcept = 0;

 protected:
  ~ExchangeOwner() = default;
};

/// What a site keeps of a request beside the exchange. Made once per exchange, and reused with it.
class Call {
 public:
  Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  virtual ~Call() = default;

  /// Forgets the last request, keeps the memory.
  virtual void reset() noexcept = 0;
  /// The answer is no longer needed: destroys the generator that makes the rest of it.
  virtual void abandon() noexcept = 0;
  /// A part of the answer is still to be made.
  [[nodiscard]] virtual bool makes_more() const noexcept { return false; }
  /// The request was refused because a bounded queue was full, before anything was done for it.
  virtual void overloaded() {}
  /// What was thrown has been answered: adds what every answer of this request says.
  virtual void failure_answered() {}
};

/// What a step of a request has come to.
enum class Outcome : std::uint8_t {
  next,        ///< the request goes on to the next step
  answered,    ///< the answer is there
  wants_body,  ///< what `Exchange::body_wanted` says is needed before the next step
  waits,       ///< for what `Exchange::start` has begun, which sets `Position::outcome` before it ends
  piece,       ///< of an answer that is being sent: its next piece is in `answer.body`
  ended,       ///< that answer is whole
};

// --- What an exchange is made of: parts that are reset as a whole.

/// What has come in and what the checks made of it.
struct RequestState {
  std::string_view path;  ///< decoded once, checked; empty before the path step
  /// Complete when the handler runs, followed by 64 readable bytes; or the piece that was asked for.
  std::string_view body;
  bool body_ended = false;  ///< nothing follows `body`
  /// OPTIONS that asks for another method: `facts` are of that method's route, and no route is found.
  bool preflight = false;
  bool cors_path = false;  ///< of a preflight: some method of its path has CORS
  /// Without a route: what the other methods of its path allow, or all other routes where there is no such path.
  std::span<const sallyport::detail::CorsFacts* const> cors_nearby;
  bool csrf_token_wanted = false;  ///< the form's token decides, when the body is there
  const RouteFacts* facts = nullptr;
  std::string_view allow;        ///< the methods the path exists with, as the Allow field lists them
  std::optional<Id<User>> user;  ///< who is signed in, once that is known
  std::uint64_t body_limit = 0;  ///< bytes; set when the route wants the body
  CorsGrant cors;
};

/// Which step of the list the request has reached.
struct Position {
  std::uint8_t step = 0;            ///< the row that runs, or that something is waited for in
  Outcome outcome = Outcome::next;  ///< of a step that waited
  bool answer_known = false;        ///< the steps that every answer takes have begun
  /// A refusal of the check that runs is logged and passed over.
  bool observed = false;
  /// What is waited for is the first event of a stream: `Site::begin_events` sends its head without it.
  bool head_may_go = false;
  bool stream_over = false;  ///< the answer in pieces ends where it stands (`Exchange::end_stream`)
};

/// What the limits have counted for this request.
struct LimitState {
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
  std::optional<Charged> general;           ///< the charge of the general limit, where it was counted
  mutable std::string limit_policies_text;  ///< where fields of several limits are put together
  mutable std::string limits_text;

  void reset() noexcept {
    due.count = counted_limits = charged_count = 0;
    general.reset();
  }
};

class Exchange final : public detail::TaskContext,
                       public RequestState,
                       public LimitState,
                       private base::TimingWheel::Timer {
 public:
  Exchange(const Site& site, Loop& loop, ExchangeOwner& owner, const base::IpAddress& peer);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange() = default;

  /// Forgets the last request, keeps the memory.
  void reset() noexcept;
  /// Sets the peer of the next request. Call after `reset`.
  void serve(ExchangeOwner& owner, const base::IpAddress& the_peer) noexcept {
    owner_ = &owner;
    client = peer = the_peer;
    redirect_listener = false;
  }

  http::RequestHead head;
  std::string decoded_path;        ///< storage of `path` where something was escaped
  std::string edited_body;         ///< storage of `body` where the form's token has been taken out of its middle
  bool redirect_listener = false;  ///< arrived on the port without TLS that only redirects
  base::IpAddress peer;            ///< the other end of the connection
  base::IpAddress client;          ///< the peer, or whom a trusted proxy names
  base::Clock::SteadyTime started;
  base::Clock::SteadyTime ended;  ///< when the answer had gone

  Answer answer;
  std::uint64_t bytes_sent = 0;  ///< of the answer's body
  Position position;
  const std::unique_ptr<Call> call;  ///< what the site keeps of the request

  const Site& site;
  const Rules& rules;
  Loop& loop;

  /// The key of the general limit's counter for `client`. Like `client_text` it is kept from one request to the next, since it depends on
  /// the address alone.
  struct {
    base::IpAddress client;
    std::uint64_t key = 0;
    bool made = false;
  } general_key;

  /// The request's id: 128 random bits, drawn when first asked for, in the form of a UUID (RFC 9562 version 4).
  [[nodiscard]] std::string_view id();
  [[nodiscard]] bool has_id() const noexcept { return has_id_; }
  /// The client's address, written once for all requests of one client: that costs as much as parsing a request.
  [[nodiscard]] std::string_view client_text();

  /// The request's cookies, as one Cookie field: HTTP/2 sends each by itself (RFC 9113 8.2.3), and some clients and proxies send several
  /// lines over HTTP/1.1. Empty: it has none.
  [[nodiscard]] std::string_view cookies() const;

  [[nodiscard]] bool head_only() const noexcept { return head.method == http::Method::head; }
  /// GET, HEAD and OPTIONS change nothing (RFC 9110 9.2.1).
  [[nodiscard]] bool safe_method() const noexcept {
    return head.method == http::Method::get || head.method == http::Method::head ||
           head.method == http::Method::options;
  }
  /// The fields that the class of the answer decides.
  [[nodiscard]] const HeaderBlock& header_block() const noexcept;
  /// A browser asked for a document: errors are then sent as HTML pages.
  [[nodiscard]] bool wants_page() const noexcept;

  // --- Waiting for the body
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
  /// The answer is no longer needed: the task is destroyed as soon as no job on another thread points into it.
  void abandon() noexcept;
  /// The answer in pieces ends where it stands, since whom it is for may not have more of it: events at once, others with their next piece.
  void end_stream() noexcept;
  [[nodiscard]] bool waiting() const noexcept { return waiting_; }
  /// For a job on another thread, which will come back without anybody's doing.
  [[nodiscard]] bool waits_for_job() const noexcept { return job_away(); }
  [[nodiscard]] bool task_done() const noexcept { return !task_ || task_.done(); }
  /// Ends the finished task, rethrowing what it threw.
  void take_task();
  /// Whether what its code misused ends it with 500. In development it always does.
  [[nodiscard]] bool misuse_fails() const noexcept;
  /// Code of the application has come to its end: throws when it has misused something and passed over that.
  void check_misuse() {
    if (misused().what) [[unlikely]]
      judge_misuse();
  }
  /// `destroy` destroys code of the application that stands in the middle, since nobody waits for it any more.
  template <class F>
  void end_code(F&& destroy) noexcept {
    detail::TaskContext::end_code();
    const detail::Running running(this);  // so that it may log
    std::forward<F>(destroy)();
  }
  /// Code of the application decides whether the caller may: it reads, whatever the method.
  void enter_policy() noexcept { only_reads(true); }
  /// While the application's code waits, the library writes for itself, or has done so.
  void let_write(bool yes) noexcept { only_reads(!yes); }
  /// From here on, code of the application runs.
  void enter_handler() noexcept { only_reads(safe_method()); }

  [[nodiscard]] std::uint64_t source() const noexcept override;
  void post(detail::Job& finished) noexcept override { loop.events.post(finished); }
  void resume(detail::Job& finished) noexcept override;
  void wake_after(std::chrono::nanoseconds time, std::coroutine_handle<> waiter) noexcept override;

 private:
  void expired() noexcept override;  // of wake_after
  void moved() noexcept;
  void go_on(std::coroutine_handle<> waiter) noexcept;
  void drop() noexcept;
  void judge_misuse();

  ExchangeOwner* owner_;
  detail::OwnedTask<void> task_;
  std::shared_ptr<void> kept_alive_;
  std::coroutine_handle<> body_waiter_;
  std::coroutine_handle<> sleeper_;
  BodyWant body_wanted_ = BodyWant::none;
  bool waiting_ = false;
  bool abandoned_ = false;
  bool has_id_ = false;
  bool misuse_logged_ = false;
  std::array<char, 36> id_{};
  mutable std::string joined_cookies_;
  base::IpAddress written_client_;  // the address that client_text_ holds
  std::string client_text_;
};

}  // namespace gate
}  // namespace sallyport
