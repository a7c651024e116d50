// Calls the handler, and does what it asked for.
#include "route/handler_steps.hpp"

#include "base/request_secrets.hpp"
#include "gate/limits.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "identity/session_cookie.hpp"
#include "identity/session_store.hpp"
#include "identity/user_admin.hpp"
#include "route/call.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"
#include "route/session_watch.hpp"

#include <sallyport/detail/misuse.hpp>

#include <algorithm>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

namespace sallyport::route {

using detail::SessionEnd;
using gate::Exchange;
using gate::Outcome;

Outcome take_permit(Exchange& exchange) {
  Call& call = call_of(exchange);
  if (call.route->calls.enter(call.permit, call.route->options.max_concurrent)) return Outcome::next;
  gate::security_event(exchange, "sys_overload", "as many as max_concurrent allows are running");
  gate::give_limits_back(exchange);
  gate::refuse_until(exchange, gate::problems::busy, 1);
  return Outcome::answered;
}

void leave_permit(Exchange& exchange) {
  if (exchange.answer.source != gate::BodySource::pieces) call_of(exchange).permit.leave();
}

namespace {

Task<void> apply_session(Exchange& exchange);

// What a handler has asked for before it failed: only that the session ends.
Task<void> fail_signed_out(Exchange& exchange, std::exception_ptr failure) {
  SessionChange& change = call_of(exchange).session;
  change.begin_for.reset();
  if (change.end != SessionEnd::none && change.end != SessionEnd::forgotten) {
    co_await apply_session(exchange);
  }
  if (failure) std::rethrow_exception(failure);
}

// What its code has taken out of secrets for somebody or something else.
bool shows_secret(const Exchange& exchange, const detail::RequestSecrets& secrets) {
  const gate::Answer& answer = exchange.answer;
  return secrets.shown_by(answer.bytes()) || secrets.shown_by(answer.location) ||
         std::ranges::any_of(answer.cookies, [&](const std::string& each) { return secrets.shown_by(each); }) ||
         std::ranges::any_of(answer.fields, [&](const auto& field) { return secrets.shown_by(field.value); });
}

void look_for_secrets(Exchange& exchange) {
  const detail::RequestSecrets* const secrets = exchange.secrets();
  if (!secrets) [[likely]]
    return;
  const Route& route = *call_of(exchange).route;
  if (secrets->has_code() && route.options.limits.empty() && !route.limits_attempts)
    exchange.note_misuse(
        {"a one-time code was sent on a route without a limit, so that anybody can have codes sent to anybody: add "
         "sp::limit{\"codes\", 5, 15min}",
         {}});
  if (shows_secret(exchange, *secrets))
    exchange.note_misuse(
        {"a one-time code, a password or a key is in the answer: send a code to the address that it is for, and show "
         "the others to nobody",
         {}});
}

// What the handler passed over, so that its answer looks like a success.
void note_passed_over(Exchange& exchange) {
  const AttemptState* const tried = call_of(exchange).tried.get();
  if (tried && tried->refused && exchange.answer.status < 300)
    exchange.note_misuse(
        {"a password or a code was wrong, and the answer says that all went well: co_return co_await "
         "attempt.password(…), or answer 400 to 499",
         {}});
  const Exchange::PassedOver& passed_over = exchange.passed_over();
  if (passed_over.failures > 0 && exchange.answer.status < 400)
    exchange.note_misuse(
        {"an error of the database was caught and not looked at: let it through, or catch (const sp::DatabaseError& "
         "error) and look at error.kind()",
         passed_over.failed});
  if (!passed_over.unchanged.empty() && exchange.answer.status < 400)
    exchange.note_misuse(
        {"a statement changed no row, nobody looked at the number, and the answer says that all went well: write "
         ".or_problem(404, \"…\") behind the call, .or_none() where that is fine, or look at the number",
         passed_over.unchanged});
  look_for_secrets(exchange);
}

Task<void> run_with_session(Exchange& exchange, const detail::ErasedHandler& handler) {
  std::exception_ptr failure;
  try {
    if (handler.later) {
      co_await handler.later(exchange, handler.function);
    } else {
      handler.now(exchange, handler.function);
    }
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) note_passed_over(exchange);
  const bool failed = failure || exchange.misuse_fails();
  if (failed) co_await fail_signed_out(exchange, failure);
}

}  // namespace

Outcome run_handler(Exchange& exchange) {
  const detail::ErasedHandler& handler = call_of(exchange).route->handler;
  exchange.enter_handler();
  if (handler.facts.ends_session) {
    exchange.start(run_with_session(exchange, handler));
    return Outcome::waits;
  }
  if (!handler.later) {
    const detail::Running running(&exchange);
    handler.now(exchange, handler.function);
    exchange.check_misuse();
    return Outcome::next;
  }
  exchange.start(handler.later(exchange, handler.function));
  return Outcome::waits;
}

Outcome bound_answer(Exchange& exchange) {
  gate::Answer& answer = exchange.answer;
  if (answer.body.size() <= call_of(exchange).service.settings.limits.answer_bytes) [[likely]]
    return Outcome::next;
  answer.body = std::string();  // a body keeps its memory for the next request, but not this much
  throw std::length_error("an answer is larger than limits.answer_bytes: send it in pieces, as an sp::Stream");
}

Outcome finish_attempt(Exchange& exchange) {
  if (const AttemptState* const tried = call_of(exchange).tried.get()) gate::finish_attempt(exchange, tried->counted);
  note_passed_over(exchange);
  exchange.check_misuse();
  return Outcome::next;
}

// --- The session

namespace {

Task<void> apply_session(Exchange& exchange) {
  Call& call = call_of(exchange);
  const Service& service = call.service;
  // What this request has begun before it signs in has been told to nobody.
  const std::string begun = std::move(call.new_session);
  const std::string_view old = begun.empty() ? identity::session_cookie_of(exchange.cookies()) : begun;
  if (!begun.empty()) {
    std::erase_if(exchange.answer.cookies, [](const std::string& each) {
      return each.starts_with(identity::session_cookie_name) && each[identity::session_cookie_name.size()] == '=';
    });
  }
  if (call.session.end == SessionEnd::forgotten) {
    co_await service.stored.database->own().run(identity::remove_user, call.principal->id);
    gate::user_event(exchange, "user_deleted", "by the user", call.principal->id);
  } else if (call.session.end == SessionEnd::everywhere) {
    static_cast<void>(co_await service.stored.sessions->end_all(call.principal->id));
  }
  if (call.session.end != SessionEnd::none) {
    co_await service.stored.sessions->end(old);
    call.signed_out = true;
    exchange.answer.cookies.push_back(identity::expired_session_cookie(service.settings.sessions));
    exchange.answer.clear_site_data = true;
    gate::security_event(exchange, "authn_token_revoked",
                         call.session.end == SessionEnd::everywhere ? "signed out everywhere" : "signed out",
                         ops::Severity::info);
  }
  if (call.session.begin_for) {
    const std::string id = co_await service.stored.sessions->begin(call.session.begin_for->id, old);
    exchange.answer.cookies.push_back(identity::session_cookie(id, service.settings.sessions));
    if (service.devices && call.tried && !call.tried->known_device && !call.tried->account.empty())
      exchange.answer.cookies.push_back(service.devices->issue(call.tried->account));
    gate::security_event(exchange, "session_created", "signed in", ops::Severity::info);
  }
}

}  // namespace

Outcome change_session(Exchange& exchange) {
  const SessionChange& change = call_of(exchange).session;
  if (change.end == SessionEnd::none && !change.begin_for) return Outcome::next;
  exchange.start(apply_session(exchange));
  return Outcome::waits;
}

// --- Answers in pieces

namespace {

// A generator that yields nothing for this long is a loop without an end.
constexpr int most_empty_pieces = 1000;

// A loop that forgets to stop ends here: the client sees that the answer is cut.
void count_piece(Exchange& exchange) {
  if (exchange.answer.events) return;
  Call& call = call_of(exchange);
  const std::uint64_t own = call.route->options.max_stream;
  const std::uint64_t most = own != 0 ? own : call.service.settings.limits.stream_bytes;
  const std::uint64_t size = exchange.answer.body.size();
  if (size > most - call.piece_bytes) {
    exchange.answer.body.clear();
    throw std::length_error("a Stream is larger than limits.stream_bytes, or than the route's sp::max_stream");
  }
  call.piece_bytes += size;
}

// Runs the generator until it yields a piece. No value: it has ended.
Task<void> make_piece(Exchange& exchange) {
  Call& call = call_of(exchange);
  exchange.answer.body.clear();
  for (int tried = 0; exchange.answer.body.empty(); ++tried) {
    if (tried == most_empty_pieces) throw std::length_error("a Stream has yielded nothing for too long");
    const bool more = co_await call.pieces.next();
    if (!more) {
      call.pieces = {};
      call.permit.leave();
      exchange.position.outcome = Outcome::ended;
      co_return;
    }
    exchange.answer.body = call.pieces.take_piece();
  }
  count_piece(exchange);
  if (exchange.secrets() && exchange.secrets()->shown_by(exchange.answer.body)) {
    exchange.answer.body.clear();
    detail::misused("a one-time code, a password or a key is in a piece of a stream: show it to nobody");
  }
  exchange.position.outcome = Outcome::piece;
}

// The generator may end without a piece, and the answer with it.
Task<void> make_first_piece(Exchange& exchange) {
  co_await make_piece(exchange);
  if (exchange.position.answer_known) co_return;  // its head was sent without it: it is a piece like the others
  exchange.position.outcome = Outcome::next;
  const detail::Pieces& pieces = call_of(exchange).pieces;
  if (!pieces) {
    exchange.answer.events = false;  // nothing to wait for
    co_return;
  }
  exchange.answer.source = gate::BodySource::pieces;
  if (!pieces.disposition().empty()) exchange.answer.fields.push_back({"Content-Disposition", pieces.disposition()});
}

}  // namespace

Outcome first_piece(Exchange& exchange) {
  Call& call = call_of(exchange);
  if (!call.pieces) return Outcome::next;
  if (exchange.head_only()) {
    call.pieces = {};
    exchange.answer.source = gate::BodySource::pieces;  // of unknown length
    return Outcome::next;
  }
  // The first event may come much later: then the client is told meanwhile that it is connected.
  exchange.position.head_may_go = exchange.answer.events;
  SessionWatch::begin(exchange);
  exchange.start(make_first_piece(exchange));
  return Outcome::waits;
}

Outcome next_piece(Exchange& exchange) {
  exchange.start(make_piece(exchange));
  return Outcome::waits;
}

}  // namespace sallyport::route
