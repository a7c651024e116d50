// What happens to a request between its head and its access line, the same for HTTP/1.1 and HTTP/2.
#include "wire/request_lifecycle.hpp"

#include "gate/security_event.hpp"

#include <chrono>
#include <utility>

namespace sallyport::wire {
namespace {

using std::chrono::seconds;

base::MinimumRate body_rate(const ops::LimitSettings& limits) noexcept {
  return {seconds(limits.body_grace_seconds), limits.body_bytes_per_second};
}

}  // namespace

RequestLifecycle::RequestLifecycle(const gate::Site& site, gate::Loop& loop, const base::IpAddress& peer,
                                   bool redirects)
    : limits(site.settings.limits),
      reading(body_rate(limits)),
      site_(site),
      loop_(loop),
      peer_(peer),
      redirects_(redirects) {}

void RequestLifecycle::take_exchange() {
  if (exchange) return;
  exchange = loop_.exchanges.take(site_, loop_, *this, peer_);
  exchange->redirect_listener = redirects_;
  static_cast<LifecycleState&>(*this) = LifecycleState{};
}

void RequestLifecycle::abandon_exchange() noexcept {
  if (!exchange) return;
  if (answered) log_access();  // first: abandoning may destroy the connection
  exchange->abandon();
}

void RequestLifecycle::log_event(ops::EventName event, std::string_view rule) {
  const gate::ExchangeLease between = exchange ? nullptr : loop_.exchanges.take(site_, loop_, *this, peer_);
  gate::security_event(exchange ? *exchange : *between, event, rule);
}

void RequestLifecycle::follow(gate::Progress progress) {
  while (progress == gate::Progress::wants_body) {
    if (!read_body()) return;
    progress = site_.body_arrived(*exchange);
  }
  switch (progress) {
    case gate::Progress::answered:
      return respond();
    case gate::Progress::waiting:
      return wait_for_work(now() + (sends_events() ? heartbeat : seconds(limits.handler_seconds)));
    case gate::Progress::piece:
      return check_piece();
    case gate::Progress::ended:
      if (length_left != 0) return cut(Cut::failed, "answer/short");
      return end_answer();
    case gate::Progress::broken:
      return cut(Cut::failed, "answer/broken");
    case gate::Progress::wants_body:
      return;
  }
}

void RequestLifecycle::respond() {
  if (exchange->answer.status == 0) gate::refuse(*exchange, gate::problems::internal);
  answered = true;
  gate::Answer& answer = exchange->answer;
  if (answer.source != gate::BodySource::pieces) return send_head();
  if (answer.events) {
    events_until = now() + std::chrono::minutes(limits.event_stream_minutes);
    answer.length.reset();  // of heartbeats too
  }
  length_left = answer.length.value_or(0);
  const bool piece = !answer.body.empty() && !exchange->head_only() && !answer.bodiless();
  send_head();
  if (piece) check_piece();
}

void RequestLifecycle::check_piece() {
  if (exchange->answer.length) {
    const std::uint64_t size = exchange->answer.body.size();
    if (size > length_left) return cut(Cut::failed, "answer/long");
    length_left -= size;
  }
  send_piece();
}

void RequestLifecycle::make_piece() {
  if (exchange->answer.events && (stopping() || now() >= events_until)) return end_events();
  follow(site_.next_piece(*exchange));
}

void RequestLifecycle::end_answer() {
  exchange->abandon();
  send_end();
}

// A stream whose first event takes long: its client is told that it is connected.
void RequestLifecycle::begin_events() {
  if (answered) return;
  site_.begin_events(*exchange);
  respond();
}

void RequestLifecycle::end_events() {
  begin_events();
  end_answer();
}

void RequestLifecycle::work_overdue() {
  if (!sends_events()) return handler_too_slow();
  begin_events();
  if (stopping() || now() >= events_until) return end_events();
  send_heartbeat();
  wait_for_work(now() + heartbeat);
}

void RequestLifecycle::refuse_head(int status, std::string_view rule) {
  exchange->abandon();  // over HTTP/2 a handler may have begun before its body turned out to be malformed
  exchange->answer.close = true;
  if (!rule.empty()) gate::security_event(*exchange, "http_malformed", rule);
  if (status == 503) {
    gate::refuse_until(*exchange, gate::problems::busy, 1);
  } else {
    gate::refuse(*exchange, rule == plain_http_rule ? gate::problems::https_wanted : gate::problem_for(status));
  }
  respond();
}

void RequestLifecycle::refuse_body(const Problem& problem, std::string_view rule) {
  exchange->abandon();
  if (answered) return cut(Cut::unwanted, rule);
  exchange->answer.close = true;
  gate::security_event(*exchange, "http_malformed", rule);
  gate::refuse(*exchange, problem);
  respond();
}

void RequestLifecycle::handler_too_slow() {
  exchange->abandon();
  if (answered) return cut(Cut::failed, "deadline/handler");
  exchange->answer.close = true;
  gate::security_event(*exchange, "sys_overload", "deadline/handler", ops::Severity::error);
  gate::refuse_until(*exchange, gate::problems::busy, 1);
  respond();
}

void RequestLifecycle::cut(Cut why, std::string_view rule) {
  gate::security_event(*exchange, "http_cut", rule);
  break_off(why);
}

RequestLifecycle::Time RequestLifecycle::log_access() noexcept {
  if (!std::exchange(access_logged, true)) {
    exchange->ended = loop_.clock.now();
    site_.sent(*exchange);
  }
  return exchange->ended;
}

bool RequestLifecycle::begin_body() {
  if (std::exchange(body_begun, true)) return false;
  body_started = now();
  reading = body_rate(limits);
  return true;
}

RequestLifecycle::Time RequestLifecycle::whole_body_deadline() const noexcept {
  return body_started + seconds(limits.body_seconds);
}

}  // namespace sallyport::wire
