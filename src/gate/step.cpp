// Runs a list of steps, and turns exceptions into answers.
#include "gate/step.hpp"

#include "gate/refusal.hpp"
#include "gate/security_event.hpp"

#include <sallyport/database_error.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/outbound_error.hpp>

#include <exception>
#include <string>

namespace sallyport::gate {
namespace {

std::string text_of(const OutboundError& error) {
  std::string text(error.origin());
  text.append(": ").append(failure_name(error.kind())).append(": ").append(error.reason());
  if (error.status() != 0) text.append(" (").append(std::to_string(error.status())).append(")");
  return text;
}

// The head of the answer has not gone yet.
void answer_exception(Exchange& exchange) noexcept {
  exchange.call->abandon();
  try {
    try {
      if (exchange.misused().what && exchange.misused().ends_request) throw detail::Misuse(exchange.misused().what);
      throw;
    } catch (const detail::Misuse&) {
      log_misuse(exchange);
      refuse(exchange, problems::internal);
    } catch (const Problem& problem) {
      refuse(exchange, problem);
    } catch (const Overloaded&) {
      exchange.call->overloaded();
      security_event(exchange, "sys_overload", "a bounded queue is full", ops::Severity::error);
      refuse_until(exchange, problems::busy, 1);
    } catch (const Conflict& error) {  // what a client asked for, and no failure
      log_failure(exchange, detail::ForTheLog::text(error), ops::Severity::info);
      refuse(exchange, problems::conflict);
    } catch (const BrokenReference& error) {
      log_failure(exchange, detail::ForTheLog::text(error), ops::Severity::info);
      refuse(exchange, problems::broken_reference);
    } catch (const DatabaseError& error) {
      log_failure(exchange, detail::ForTheLog::text(error));
      if (error.kind() == DatabaseError::Kind::busy || error.kind() == DatabaseError::Kind::full) {
        refuse_until(exchange, problems::busy, 1);
      } else if (error.kind() == DatabaseError::Kind::timed_out) {
        refuse_until(exchange, problems::slow_database, 5);
      } else {
        refuse(exchange, problems::internal);
      }
    } catch (const OutboundError& error) {
      log_failure(exchange, text_of(error));
      if (error.kind() == OutboundFailure::busy) {
        refuse_until(exchange, problems::busy, 1);
      } else {
        refuse(exchange,
               error.kind() == OutboundFailure::timed_out ? problems::other_service_slow : problems::other_service);
      }
    } catch (const std::exception& error) {
      log_failure(exchange, error.what());
      refuse(exchange, problems::internal);
    } catch (...) {
      log_failure(exchange, "an exception that is no std::exception");
      refuse(exchange, problems::internal);
    }
    exchange.call->failure_answered();
  } catch (...) {
    // Out of memory while writing the refusal: an answer that needs none.
    exchange.answer.reset();
    exchange.answer.status = 500;
    exchange.answer.close = true;
  }
}

// The head of the answer has been sent: the client can't get another answer.
void log_exception(Exchange& exchange) noexcept {
  exchange.call->abandon();
  try {
    try {
      throw;
    } catch (const detail::Misuse&) {
      log_misuse(exchange);
    } catch (const Problem& problem) {
      log_failure(exchange, problem.title());
    } catch (const DatabaseError& error) {
      log_failure(exchange, detail::ForTheLog::text(error));
    } catch (const std::exception& error) {
      log_failure(exchange, error.what());
    } catch (...) {
      log_failure(exchange, "an exception that is no std::exception");
    }
  } catch (...) {
    exchange.answer.close = true;  // out of memory: not even a log line; the connection ends all the same
  }
}

Progress stalled(const Exchange& exchange) noexcept {
  return exchange.body_wanted() != BodyWant::none ? Progress::wants_body : Progress::waiting;
}

bool observes(const Exchange& exchange, const Step& step) noexcept {
  return exchange.rules.observe && step.in_observe_mode == InObserveMode::passed_over;
}

// The step has logged its refusal. What is no refusal (a preflight's answer) stays.
Outcome pass_over(Exchange& exchange, Outcome outcome) noexcept {
  exchange.position.observed = false;
  if (outcome != Outcome::answered || exchange.answer.status < 400) return outcome;
  exchange.answer.reset();
  return Outcome::next;
}

}  // namespace

Outcome Steps::run(Exchange& exchange, const Step& step) const {
  if (!observes(exchange, step)) [[likely]]
    return step.run(exchange);
  exchange.position.observed = true;
  const Outcome outcome = step.run(exchange);
  // One that waits (for Redis) has not decided yet: see awaited.
  return outcome == Outcome::waits ? outcome : pass_over(exchange, outcome);
}

// From the row that the exchange stands at, until one of them answers or has to wait.
Progress Steps::go_on(Exchange& exchange) const {
  const Step* const rows = rows_.data();
  const bool observing = exchange.rules.observe;
  for (std::size_t row = exchange.position.step; row < answering_; ++row) {
    exchange.position.step = static_cast<std::uint8_t>(row);
    const Outcome outcome = observing ? run(exchange, rows[row]) : rows[row].run(exchange);
    if (outcome == Outcome::next) [[likely]]
      continue;
    if (outcome == Outcome::wants_body) return Progress::wants_body;
    if (outcome == Outcome::waits) return exchange.task_done() ? awaited(exchange) : stalled(exchange);
    // In observe mode the general limit does not replace an answer.
    if (rows_[row].stage == Stage::unlimited && !exchange.rules.observe) count_request(exchange);
    break;
  }
  return finish(exchange);
}

// The answer is known.
Progress Steps::finish(Exchange& exchange) const {
  exchange.position.answer_known = true;
  for (std::size_t row = answering_; row < sending_; ++row) rows_[row].run(exchange);
  return Progress::answered;
}

// What the step at the exchange's row has waited for is there.
Progress Steps::awaited(Exchange& exchange) const {
  exchange.position.head_may_go = false;
  exchange.take_task();
  Outcome outcome = std::exchange(exchange.position.outcome, Outcome::next);
  if (observes(exchange, rows_[exchange.position.step])) outcome = pass_over(exchange, outcome);
  if (outcome == Outcome::piece) return Progress::piece;
  if (outcome == Outcome::ended) return Progress::ended;
  if (outcome == Outcome::answered) return finish(exchange);
  ++exchange.position.step;
  return go_on(exchange);
}

template <class F>
Progress Steps::guarded(Exchange& exchange, F&& go) const noexcept {
  try {
    return go();
  } catch (...) {
    exchange.position.observed = false;  // an exception is no decision of a check: its answer is sent
    if (rows_[exchange.position.step].stage == Stage::sending) {
      log_exception(exchange);
      return Progress::broken;
    }
    answer_exception(exchange);
  }
  try {
    if (!exchange.position.answer_known) return finish(exchange);
  } catch (...) {
    exchange.answer.close = true;  // out of memory: the answer stays as it is
  }
  return Progress::answered;
}

Progress Steps::head_complete(Exchange& exchange) const noexcept {
  exchange.position.step = 0;
  return guarded(exchange, [&] { return go_on(exchange); });
}

Progress Steps::body_arrived(Exchange& exchange) const noexcept {
  return guarded(exchange, [&] {
    if (!exchange.resume_body_waiter()) {
      exchange.body_ended = true;  // a step has asked for all of it
      ++exchange.position.step;
      return go_on(exchange);
    }
    return exchange.task_done() ? awaited(exchange) : stalled(exchange);
  });
}

Progress Steps::resumed(Exchange& exchange) const noexcept {
  return guarded(exchange, [&] {
    if (exchange.task_done()) return awaited(exchange);
    return exchange.position.stream_over ? end_stream(exchange) : stalled(exchange);
  });
}

// Where not even its head has gone, that goes first: its client connects again, and is told then why it gets no more.
Progress Steps::end_stream(Exchange& exchange) const {
  if (!exchange.position.answer_known) {
    begin_events(exchange);
    return Progress::answered;
  }
  security_event(exchange, "session_expired", "a stream ends with the session, or the role, that it was opened with",
                 ops::Severity::info);
  exchange.abandon();
  return exchange.answer.events ? Progress::ended : Progress::broken;
}

// What is waited for becomes the next piece.
void Steps::begin_events(Exchange& exchange) const noexcept {
  exchange.position.head_may_go = false;
  exchange.answer.source = BodySource::pieces;
  try {
    finish(exchange);
  } catch (...) {
    exchange.answer.close = true;  // out of memory: the answer stays as it is
  }
  exchange.position.step = static_cast<std::uint8_t>(sending_);
}

Progress Steps::next_piece(Exchange& exchange) const noexcept {
  exchange.position.step = static_cast<std::uint8_t>(sending_);
  return guarded(exchange, [&] {
    if (exchange.position.stream_over) return end_stream(exchange);
    rows_[exchange.position.step].run(exchange);
    return exchange.task_done() ? awaited(exchange) : stalled(exchange);
  });
}

void Steps::sent(Exchange& exchange) const noexcept {
  try {
    for (std::size_t row = sent_; row < rows_.size(); ++row) rows_[row].run(exchange);
  } catch (...) {
    exchange.answer.close = true;  // out of memory: not even a log line
  }
}

}  // namespace sallyport::gate
