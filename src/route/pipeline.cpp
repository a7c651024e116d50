// The order in which a request is judged and served.
#include "route/pipeline.hpp"

#include "gate/checks.hpp"
#include "gate/compression.hpp"
#include "gate/limits.hpp"
#include "gate/misses.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "identity/session_store.hpp"
#include "route/files.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"

#include <sallyport/database_error.hpp>

#include <exception>

namespace sallyport::route {
namespace {

using gate::Exchange;
using gate::Phase;

// --- The list. From top to bottom, for every request; the first that answers ends it.

bool known_route(Exchange& exchange);
bool find_route(Exchange& exchange);

constexpr gate::Check before_the_limit[] = {
    gate::client_address,  // whose request is it
    gate::not_denied,      // is the client to be served at all
    gate::not_overloaded,  // can anybody be served
    gate::host,            // is it for us
    gate::path_shape,      // one reading of the path, or none
    find_route,            // decides nothing yet: the checks below ask what the route can do
    gate::cors,            // other sites' pages: what this route lets them do (so that they may read a 429, too)
};
// then: the general limit.
constexpr gate::Check after_the_limit[] = {
    gate::https_only,          // on the port without TLS, that is all
    gate::resource_isolation,  // other sites may link, nothing else
    gate::csrf,                // other sites may not change state
    known_route,               // 404, 405, OPTIONS
};
// then: the session and the policy, the route's own limits, files; for a handler the body's type and size, the body, a place among the calls
// that run (at_once), the attempts' limit, the typed arguments.

// --- The route

bool find_route(Exchange& exchange) {
  exchange.service.table.match(exchange);
  return true;
}

bool known_route(Exchange& exchange) {
  if (exchange.head.method == http::Method::options && (!exchange.allow.empty() || exchange.path == "*")) {
    exchange.answer.status = 204;
    exchange.answer.allow = exchange.path == "*" ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" : exchange.allow;
    return false;
  }
  if (exchange.route) return true;
  if (exchange.allow.empty()) {
    gate::note_miss(exchange);
    gate::refuse(exchange, gate::problems::not_found);
  } else {
    gate::refuse(exchange, gate::problems::method_not_allowed);
    exchange.answer.allow = exchange.allow;
  }
  return false;
}

// --- Attempts at passwords

void give_attempt_back(Exchange& exchange) {
  if (std::exchange(exchange.attempt, gate::AttemptState::none) != gate::AttemptState::counted) return;
  exchange.rules.stores.give_back(exchange.attempt_charges, exchange.attempted_ns, exchange.loop);
}

void settle_attempt(Exchange& exchange) {
  using gate::AttemptState;
  if (exchange.attempt == AttemptState::none) return;
  // A handler without SignInAttempt (a sign-up) does not say how it went: Accounts has noted it. Its answer may be any, a redirect too.
  const bool went_well = exchange.outcome.succeeded && !exchange.outcome.failed;
  if (exchange.attempt == AttemptState::counted && !exchange.route->begins_session && went_well) {
    exchange.attempt = AttemptState::succeeded;
  }
  if (exchange.attempt != AttemptState::succeeded) return;
  const auto& [source, account] = exchange.attempt_charges;
  const gate::LimitStores& stores = exchange.rules.stores;
  stores.redis ? stores.redis->forget(account) : stores.local->forget(account);
  stores.give_back({&source, 1}, exchange.attempted_ns, exchange.loop);
}

// --- Exceptions end here: their text goes to the log, the client gets an id.

void caught(Exchange& exchange) noexcept {
  exchange.pieces = {};
  try {
    try {
      throw;
    } catch (const Problem& problem) {
      gate::refuse(exchange, problem);
    } catch (const Overloaded&) {
      give_attempt_back(exchange);  // nobody has looked at the password
      gate::security_event(exchange, "sys_overload", "a bounded queue is full", ops::Severity::error);
      gate::refuse_until(exchange, gate::problems::busy, 1);
    } catch (const Conflict& error) {
      gate::log_failure(exchange, error.what());
      gate::refuse(exchange, gate::problems::conflict);
    } catch (const DatabaseError& error) {
      gate::log_failure(exchange, error.what());
      if (error.kind() == DatabaseError::Kind::busy || error.kind() == DatabaseError::Kind::full) {
        gate::refuse_until(exchange, gate::problems::busy, 1);
      } else {
        gate::refuse(exchange, gate::problems::internal);
      }
    } catch (const std::exception& error) {
      gate::log_failure(exchange, error.what());
      gate::refuse(exchange, gate::problems::internal);
    } catch (...) {
      gate::log_failure(exchange, "an exception that is no std::exception");
      gate::refuse(exchange, gate::problems::internal);
    }
  } catch (...) {
    // Out of memory while writing the refusal: an answer that needs none.
    exchange.answer.reset();
    exchange.answer.status = 500;
    exchange.answer.close = true;
  }
}

// --- The session and the policy

Task<void> load_session(Exchange& exchange) {
  const auto cookie = exchange.head.known(http::KnownHeader::cookie);
  if (!cookie || cookie.repeated) co_return;
  const std::string_view id = identity::session_cookie_of(cookie.value);
  if (!id.empty()) exchange.principal = co_await exchange.service.stored.sessions->find(id);
}

// A page goes to the sign-in page, where there is one; everything else gets 401.
void refuse_stranger(Exchange& exchange) {
  const std::string_view page = exchange.service.definition.sign_in_page;
  if (page.empty() || !exchange.wants_page() || exchange.head.method != http::Method::get) {
    gate::refuse(exchange, gate::problems::unauthorized);
    return;
  }
  exchange.answer.reset();
  exchange.answer.status = 303;
  exchange.answer.location = page;
}

bool admitted(Exchange& exchange) {
  const detail::PolicyFacts& policy = exchange.route->policy;
  if (policy.kind == detail::PolicyFacts::Kind::anyone) return true;
  if (!exchange.principal) {
    refuse_stranger(exchange);
    return false;
  }
  if (policy.kind == detail::PolicyFacts::Kind::role && exchange.principal->role != policy.note) {
    gate::security_event(exchange, "authz_fail", "role missing");
    gate::refuse(exchange, gate::problems::forbidden);
    return false;
  }
  return true;
}

// --- The body

// The media type, without its parameters, in any case (RFC 9110 8.3.1).
bool is_media_type(std::string_view field, std::string_view type) noexcept {
  const std::string_view bare = field.substr(0, field.find(';'));
  std::size_t end = bare.size();
  while (end > 0 && (bare[end - 1] == ' ' || bare[end - 1] == '\t')) --end;
  return detail::same_name(bare.substr(0, end), type);
}

bool body_acceptable(Exchange& exchange) {
  const detail::HandlerFacts& facts = exchange.route->handler.facts;
  const auto type = exchange.head.known(http::KnownHeader::content_type);
  const bool coded = exchange.head.has(http::KnownHeader::content_encoding) || type.repeated;
  if (facts.body_pieces != 0) {
    if (coded) {
      gate::refuse(exchange, gate::problems::plain_wanted);
      return false;
    }
  } else {
    const std::string_view wanted = facts.reads_json ? "application/json" : "application/x-www-form-urlencoded";
    if (coded || !is_media_type(type.value, wanted)) {
      gate::refuse(exchange, facts.reads_json ? gate::problems::json_wanted : gate::problems::form_wanted);
      return false;
    }
  }
  exchange.body_limit = exchange.service.body_limit(*exchange.route);
  if (exchange.head.framing == http::BodyFraming::length && exchange.head.content_length > exchange.body_limit) {
    exchange.answer.close = true;
    gate::refuse(exchange, gate::problems::too_large);
    return false;
  }
  return true;
}

// --- The handler, and what it asked for

Task<void> settle_session(Exchange& exchange) {
  const auto& sessions = exchange.service.stored.sessions;
  const auto cookie = exchange.head.known(http::KnownHeader::cookie);
  const std::string_view old = cookie.repeated ? std::string_view{} : identity::session_cookie_of(cookie.value);
  if (exchange.end_session) {
    co_await sessions->end(old);
    exchange.answer.cookies.push_back(identity::expired_session_cookie(exchange.service.settings.sessions));
    exchange.answer.clear_site_data = true;
    gate::security_event(exchange, "authn_token_revoked", "signed out", ops::Severity::info);
  }
  if (exchange.begin_session_for) {
    const std::string id = co_await sessions->begin(exchange.begin_session_for->id, old);
    exchange.answer.cookies.push_back(identity::session_cookie(id, exchange.service.settings.sessions));
    if (!exchange.known_device && exchange.service.devices && !exchange.outcome.account.empty())
      exchange.answer.cookies.push_back(exchange.service.devices->issue(exchange.outcome.account));
    gate::security_event(exchange, "session_created", "signed in", ops::Severity::info);
  }
}

// --- Answers in pieces

// Runs the generator until it has something. Nothing: it has ended.
Task<void> make_piece(Exchange& exchange) {
  exchange.answer.body.clear();
  while (exchange.answer.body.empty()) {
    const bool more = co_await exchange.pieces.next();
    if (!more) {
      exchange.pieces = {};
      co_return;
    }
    exchange.answer.body = exchange.pieces.take_piece();
  }
}

Task<void> serve_later(Exchange& exchange) {
  const detail::ErasedHandler& handler = exchange.route->handler;
  co_await handler.later(exchange, handler.function);
  settle_attempt(exchange);
  if (exchange.end_session || exchange.begin_session_for) co_await settle_session(exchange);
  if (!exchange.pieces) co_return;
  if (exchange.head_only()) {
    exchange.pieces = {};
    exchange.answer.source = gate::BodySource::pieces;  // of a length that nobody knows
    co_return;
  }
  // The first piece before the head: what a generator throws until then is answered like any other failure. An event may be long
  // in coming, and the client wants to know that it is connected.
  if (!exchange.answer.events) co_await make_piece(exchange);
  if (exchange.pieces) exchange.answer.source = gate::BodySource::pieces;
}

Progress finish_task(Exchange& exchange);

Progress stalled(const Exchange& exchange) noexcept {
  return exchange.body_wanted() != gate::BodyWant::none ? Progress::wants_body : Progress::waiting;
}

Progress start(Exchange& exchange, Task<void> task) {
  return exchange.start(std::move(task)) ? finish_task(exchange) : stalled(exchange);
}

Progress run_handler(Exchange& exchange) {
  exchange.phase = Phase::handler;
  // Not before the body is there: places are for work, not for clients that take their time.
  if (!exchange.route->calls.enter(exchange.seat, exchange.route->choice.at_once)) {
    gate::security_event(exchange, "sys_overload", "as many as at_once allows are running");
    gate::give_limits_back(exchange);
    gate::refuse_until(exchange, gate::problems::busy, 1);
    return Progress::answered;
  }
  const detail::ErasedHandler& handler = exchange.route->handler;
  if (handler.later) return start(exchange, serve_later(exchange));
  handler.now(exchange, handler.function);
  return Progress::answered;
}

Progress enter_body(Exchange& exchange) {
  if (exchange.route->is_file()) {
    serve_file(exchange);
    return Progress::answered;
  }
  const detail::HandlerFacts& facts = exchange.route->handler.facts;
  if (!facts.takes_body()) return run_handler(exchange);
  if (!body_acceptable(exchange)) return Progress::answered;
  if (facts.asks_for_body) return run_handler(exchange);
  exchange.phase = Phase::body;
  exchange.want_whole_body();
  return Progress::wants_body;
}

Task<void> await_limits(Exchange& exchange) { exchange.limits_hold = co_await gate::ask_limits(exchange); }

// Counted here when the counters are this machine's, awaited when they are Redis's.
Progress pass_limits(Exchange& exchange, Phase phase, Progress (*next)(Exchange&)) {
  exchange.limits_hold = true;
  if (exchange.due.count == 0) return next(exchange);
  if (!exchange.rules.stores.redis) return gate::decide_limits(exchange) ? next(exchange) : Progress::answered;
  exchange.phase = phase;
  return start(exchange, await_limits(exchange));
}

Progress enter_route(Exchange& exchange) {
  if (!admitted(exchange)) return Progress::answered;
  if (exchange.facts->limits.empty()) return enter_body(exchange);
  gate::collect_route_limits(exchange);
  return pass_limits(exchange, Phase::route_limits, enter_body);
}

Progress general_limit_passed(Exchange& exchange) {
  for (const gate::Check check : after_the_limit) {
    if (!check(exchange)) return Progress::answered;
  }
  if (!exchange.route->needs_session()) return enter_route(exchange);
  exchange.phase = Phase::session;
  return start(exchange, load_session(exchange));
}

Progress finish_task(Exchange& exchange) {
  exchange.take_task();
  if (exchange.phase == Phase::general_limit)
    return exchange.limits_hold ? general_limit_passed(exchange) : Progress::answered;
  if (exchange.phase == Phase::session) return enter_route(exchange);
  if (exchange.phase == Phase::route_limits) return exchange.limits_hold ? enter_body(exchange) : Progress::answered;
  if (exchange.phase == Phase::pieces) return exchange.answer.body.empty() ? Progress::ended : Progress::piece;
  return Progress::answered;
}

// The head of the answer has gone: nothing can be said any more.
Progress broken(Exchange& exchange) noexcept {
  exchange.pieces = {};
  try {
    try {
      throw;
    } catch (const Problem& problem) {
      gate::log_failure(exchange, problem.title());
    } catch (const std::exception& error) {
      gate::log_failure(exchange, error.what());
    } catch (...) {
      gate::log_failure(exchange, "an exception that is no std::exception");
    }
  } catch (...) {
    exchange.answer.close = true;  // out of memory: not even a log line; the connection ends all the same
  }
  return Progress::broken;
}

// What is due once the outcome is known, whoever made the answer.
void settle(Exchange& exchange) {
  gate::settle_limits(exchange);
  if (exchange.answer.source != gate::BodySource::pieces) exchange.seat.leave();
}

template <class Step>
Progress guarded(Exchange& exchange, Step&& step) noexcept {
  try {
    const Progress progress = step();
    if (progress == Progress::answered) {
      gate::compress(exchange);
      settle(exchange);
    }
    if (progress == Progress::ended) exchange.seat.leave();
    return progress;
  } catch (...) {
    if (exchange.phase == Phase::pieces) return broken(exchange);
    caught(exchange);
    settle(exchange);
    return Progress::answered;
  }
}

}  // namespace

Progress head_complete(Exchange& exchange) noexcept {
  return guarded(exchange, [&] {
    for (const gate::Check check : before_the_limit) {
      if (check(exchange)) continue;
      gate::count_request(exchange);  // over its limit a client is told so, whatever it asks for
      return Progress::answered;
    }
    gate::collect_general_limit(exchange);
    return pass_limits(exchange, Phase::general_limit, general_limit_passed);
  });
}

Progress body_arrived(Exchange& exchange) noexcept {
  return guarded(exchange, [&] {
    if (!gate::csrf_token_in_form(exchange)) {
      exchange.abandon();  // a handler that waits for the body never gets it
      return Progress::answered;
    }
    if (!exchange.resume_body_waiter()) return run_handler(exchange);
    return exchange.task_done() ? finish_task(exchange) : stalled(exchange);
  });
}

Progress resumed(Exchange& exchange) noexcept {
  return guarded(exchange, [&] { return exchange.task_done() ? finish_task(exchange) : stalled(exchange); });
}

Progress next_piece(Exchange& exchange) noexcept {
  exchange.phase = Phase::pieces;
  return guarded(exchange, [&] { return start(exchange, make_piece(exchange)); });
}

}  // namespace sallyport::route
