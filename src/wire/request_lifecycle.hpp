// One request's life, the same over HTTP/1.1 and HTTP/2; a protocol's session adds how it is framed.
#pragma once

#include "base/minimum_rate.hpp"
#include "gate/exchange.hpp"
#include "gate/refusal.hpp"
#include "gate/site.hpp"
#include "wire/session.hpp"

#include <cstdint>
#include <string_view>

namespace sallyport::wire {

/// HTTP on a port that speaks TLS; the answer says so.
inline constexpr std::string_view plain_http_rule = "tls/plain_http";

/// The state of a request. Reset as a whole before the next one.
struct LifecycleState {
  bool answered = false;          ///< the answer's head is on its way
  bool access_logged = false;     ///< its access line is written
  bool body_begun = false;        ///< the request's body has been asked for
  Session::Time body_started{};   ///< when that was
  std::uint64_t length_left = 0;  ///< of an answer in pieces whose length is known
  Session::Time events_until{};   ///< when an event stream ends
};

/// Does what the site's `Progress` asks for: reads the body, waits, answers, refuses, cuts, writes the access line. It has an exchange
/// for as long as it serves a request.
class RequestLifecycle : public gate::ExchangeOwner, public LifecycleState {
 public:
  using Time = Session::Time;

  RequestLifecycle(const RequestLifecycle&) = delete;
  RequestLifecycle& operator=(const RequestLifecycle&) = delete;

  /// Why an answer ends before it is whole.
  enum class Cut : std::uint8_t {
    failed,    ///< we can't complete it
    unwanted,  ///< its client broke a rule, or is too slow
  };

  gate::ExchangeLease exchange;  ///< none between two requests
  const ops::LimitSettings& limits;
  base::MinimumRate reading;  ///< the rate of the request's body, without the time that the handler takes

  // --- For the session
  /// Leases an exchange if there is none yet. Throws std::bad_alloc.
  /// Its answer is no longer needed.
  void take_exchange();
  void abandon_exchange() noexcept;
  /// A security event of a request, or of the connection between two.
  void log_event(ops::EventName event, std::string_view rule);
  void follow(gate::Progress progress);
  /// Sends `exchange->answer`, whose head is complete; 500 where there is none.
  void respond();
  /// The client has taken what there was: the next piece, or the end of an event stream whose time is over.
  void make_piece();
  void end_answer();
  /// The time of `wait_for_work` is over: a heartbeat, the end of an event stream, or 503.
  void work_overdue();
  /// A head that can't be served. `rule` is logged unless it is empty. A 503 has Retry-After.
  void refuse_head(int status, std::string_view rule);
  /// The rest of the body will not arrive.
  void refuse_body(const Problem& problem, std::string_view rule);
  /// An answer whose head has gone can't be taken back: it ends before it is whole, which the client sees.
  void cut(Cut why, std::string_view rule);
  /// The answer has been sent, as far as it will be: writes the access line. Returns the time.
  Time log_access() noexcept;
  /// Or is about to, as soon as the first one is there.
  [[nodiscard]] bool sends_events() const noexcept {
    return exchange && (answered ? exchange->answer.events : exchange->position.head_may_go);
  }
  /// Its client connects again, to the process that serves then.
  void end_events();
  /// The first time that the body is asked for: its deadlines begin. False later.
  bool begin_body();
  [[nodiscard]] Time whole_body_deadline() const noexcept;

 protected:
  /// `redirects`: see Http1Session.
  RequestLifecycle(const gate::Site& site, gate::Loop& loop, const base::IpAddress& peer, bool redirects = false);
  ~RequestLifecycle() = default;

  // --- The framing
  [[nodiscard]] virtual Time now() noexcept = 0;
  /// The service stops.
  [[nodiscard]] virtual bool stopping() const noexcept = 0;
  /// True: what was wanted is in `exchange->body`. False: it will come, and then the session follows `body_arrived`.
  virtual bool read_body() = 0;
  virtual void wait_for_work(Time until) = 0;
  /// The head, and the body too where it lies in memory. Pieces follow.
  virtual void send_head() = 0;
  /// The piece in `exchange->answer.body`.
  virtual void send_piece() = 0;
  virtual void send_heartbeat() = 0;
  virtual void send_end() = 0;
  /// Ends the answer so that the client sees that it is not whole. Calls `log_access`.
  virtual void break_off(Cut why) = 0;

 private:
  void begin_events();
  void check_piece();
  void handler_too_slow();

  const gate::Site& site_;
  gate::Loop& loop_;
  const base::IpAddress peer_;
  const bool redirects_;
};

}  // namespace sallyport::wire
