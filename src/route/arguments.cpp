// Reads typed arguments for handlers; what can't be read becomes the answer.
#include <sallyport/handler.hpp>

#include "crypto/siphash.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"

#include <simdjson.h>

namespace sallyport::detail {
namespace {

bool invalid(Exchange& exchange, const FieldErrors& errors) {
  std::string json;
  errors.append_json(json);
  gate::security_event(exchange, "input_validation_fail", errors.entries().empty() ? "input" : "members refused",
                       ops::Severity::info);
  gate::refuse_invalid(exchange, gate::problems::invalid_input, json);
  return false;
}

// Keys of one route, of accounts and of sources never meet: the number and the kind go in with the text. All sign-in
// routes count as one (route numbers begin at 1): a form and an API must not add up to twice the guesses.
std::uint64_t attempt_key(const Exchange& exchange, char kind, std::string_view who) {
  std::string text = std::to_string(exchange.route->begins_session ? 0 : exchange.route->number);
  text.push_back(kind);
  text.append(who);
  return crypto::siphash(exchange.rules.table_key, crypto::bytes_of(text));
}

}  // namespace

bool read_body(Exchange& exchange, const TypeInfo& type, void* out) {
  FieldErrors errors;
  const std::string_view body = exchange.body;
  const bool read =
      exchange.route->handler.facts.reads_json
          ? read_json(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING, type, out, errors)
          : read_form(body, type, out, errors);
  return read || invalid(exchange, errors);
}

std::string_view form_body(const Exchange& exchange) noexcept { return exchange.body; }

bool read_query(Exchange& exchange, const TypeInfo& type, void* out) {
  FieldErrors errors;
  return read_form(exchange.head.query, type, out, errors) || invalid(exchange, errors);
}

// A value that is no T names nothing: 404, not 400, so that ids can't be told from other texts.
bool read_parameter(Exchange& exchange, std::string_view name, const TypeInfo& type, void* out) {
  FieldErrors errors;
  for (std::size_t i = 0; i < exchange.parameter_count; ++i) {
    if (exchange.parameters[i].name != name) continue;
    if (read_scalar(exchange.parameters[i].value, name, type, out, errors)) return true;
    break;
  }
  answer_not_found(exchange);
  return false;
}

Db& writer(Exchange& exchange) { return exchange.service.stored.database->db(); }
const Db& reader(Exchange& exchange) { return exchange.service.stored.database->reader(); }
Accounts& accounts_of(Exchange& exchange) { return exchange.service.stored.accounts->accounts(); }

void* state_of(Exchange& exchange, const void* key) {
  for (const auto& state : exchange.service.definition.states) {
    if (state.key == key) return state.value.get();
  }
  return nullptr;  // not reached: a State<T> that nobody provides is refused at start
}

Task<bool> begin_attempt(Exchange& exchange, std::string account) {
  if (account.empty()) co_return true;  // a form that was wrong: there is nothing to verify, so nothing to count
  const attempts& limit = exchange.route->limit;
  const std::int64_t now = exchange.loop.clock.now().time_since_epoch().count();
  const std::int64_t window = std::chrono::nanoseconds(limit.per).count();
  const auto source = exchange.client.client_prefix().bytes();
  exchange.account_key = attempt_key(exchange, 'a', account);
  exchange.source_key = attempt_key(exchange, 's', {reinterpret_cast<const char*>(source.data()), source.size()});

  store::AttemptCounters& counters = exchange.service.attempts;
  auto reserved = counters.reserve(exchange.source_key, limit.max_per_source, window, now);
  if (reserved.admitted) {
    reserved = counters.reserve(exchange.account_key, limit.max, window, now);
    if (!reserved.admitted) counters.give_back(exchange.source_key);
  }
  if (reserved.admitted) {
    exchange.attempt = gate::AttemptState::counted;
    co_return true;
  }
  constexpr std::int64_t second_ns = 1'000'000'000;
  gate::security_event(exchange, "authn_login_fail_max", "attempts used up");
  gate::refuse_until(exchange, gate::problems::too_many,
                     static_cast<std::uint32_t>((reserved.retry_after_ns + second_ns - 1) / second_ns));
  co_return false;
}

const Principal* principal_of(const Exchange& exchange) noexcept {
  return exchange.principal ? &*exchange.principal : nullptr;
}

SignedIn Admit::signed_in(const Principal& principal) {
  return SignedIn(principal.id, principal.name, principal.email, principal.role);
}

}  // namespace sallyport::detail
