// Finds the route of a request, loads the session, and checks the body.
#include "route/route_steps.hpp"

#include "base/character_class.hpp"
#include "gate/not_found_flood.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "identity/session_cookie.hpp"
#include "identity/session_store.hpp"
#include "route/call.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"
#include "route/webhooks.hpp"

namespace sallyport::route {

using gate::Exchange;
using gate::Outcome;

Outcome find_route(Exchange& exchange) {
  call_of(exchange).service.table.match(exchange);
  return Outcome::next;
}

Outcome known_route(Exchange& exchange) {
  if (exchange.head.method == http::Method::options && (!exchange.allow.empty() || exchange.path == "*")) {
    exchange.answer.status = 204;
    exchange.answer.allow = exchange.path == "*" ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" : exchange.allow;
    return Outcome::answered;
  }
  if (call_of(exchange).route) return Outcome::next;
  // TRACE is known, and never allowed; what is no method of ours is not implemented, wherever it is sent (RFC 9110 9.1).
  if (exchange.head.method == http::Method::other && exchange.head.method_text != "TRACE") {
    gate::refuse(exchange, gate::problems::not_implemented);
    return Outcome::answered;
  }
  if (exchange.allow.empty()) {
    gate::count_not_found(exchange);
    gate::refuse(exchange, gate::problems::not_found);
  } else {
    gate::refuse(exchange, gate::problems::method_not_allowed);
    exchange.answer.allow = exchange.allow;
  }
  return Outcome::answered;
}

// --- The session

namespace {

Task<void> find_session(Exchange& exchange, std::string_view id) {
  Call& call = call_of(exchange);
  bool expired = false;
  std::optional<detail::Principal> found = co_await call.service.stored.sessions->find(id, &expired);
  if (found) call.principal = std::make_shared<const detail::Principal>(*std::move(found));
  if (expired) gate::security_event(exchange, "session_expired", "idle or old", ops::Severity::info);
  if (call.principal) exchange.user = call.principal->id;
}

}  // namespace

Outcome load_session(Exchange& exchange) {
  if (!call_of(exchange).route->needs_session) return Outcome::next;
  const std::string_view id = identity::session_cookie_of(exchange.cookies());
  if (id.empty()) return Outcome::next;
  exchange.start(find_session(exchange, id));
  return Outcome::waits;
}

// --- The body

namespace {

// The media type, without its parameters, in any case (RFC 9110 8.3.1).
bool is_media_type(std::string_view field, std::string_view type) noexcept {
  const std::string_view bare = field.substr(0, field.find(';'));
  std::size_t end = bare.size();
  while (end > 0 && (bare[end - 1] == ' ' || bare[end - 1] == '\t')) --end;
  return base::equal_ignoring_case(bare.substr(0, end), type);
}

}  // namespace

Outcome check_body(Exchange& exchange) {
  const Call& call = call_of(exchange);
  const detail::HandlerFacts& facts = call.route->handler.facts;
  if (!facts.takes_body()) return Outcome::next;
  const auto type = exchange.head.known(http::KnownHeader::content_type);
  const bool coded = exchange.head.has(http::KnownHeader::content_encoding) || type.repeated;
  if (facts.body_pieces != 0 || (facts.webhook && !facts.body)) {  // of any type
    if (coded) {
      gate::refuse(exchange, gate::problems::plain_wanted);
      return Outcome::answered;
    }
  } else {
    const std::string_view wanted = facts.reads_json ? "application/json" : "application/x-www-form-urlencoded";
    if (coded || !is_media_type(type.value, wanted)) {
      gate::refuse(exchange, facts.reads_json ? gate::problems::json_wanted : gate::problems::form_wanted);
      return Outcome::answered;
    }
  }
  exchange.body_limit = call.service.body_limit(*call.route);
  if (exchange.head.framing == http::BodyFraming::length && exchange.head.content_length > exchange.body_limit) {
    exchange.answer.close = true;
    gate::refuse(exchange, gate::problems::too_large);
    return Outcome::answered;
  }
  return Outcome::next;
}

Outcome read_body(Exchange& exchange) {
  const detail::HandlerFacts& facts = call_of(exchange).route->handler.facts;
  // A token in the form is checked, and taken out of it, before a handler runs.
  const bool holds_token = exchange.rules.csrf_tokens && exchange.facts->reads_form;
  const bool first = facts.asks_for_body && !holds_token && !facts.webhook;  // the handler, before its body
  if (!facts.takes_body() || first) return Outcome::next;
  exchange.want_whole_body();
  return Outcome::wants_body;
}

}  // namespace sallyport::route
