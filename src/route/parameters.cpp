// Reads typed arguments for handlers; what can't be read becomes the answer.
#include <sallyport/handler.hpp>

#include "crypto/siphash.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "http/cookie.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"

#include <simdjson.h>

#include <algorithm>

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

struct AttemptKeys {
  std::uint64_t source;
  std::uint64_t who;  // the account, or the device that has signed in to it before
};

AttemptKeys keys_of_attempt(Exchange& exchange) {
  const auto source = exchange.client.client_prefix().bytes();
  const AttemptKeys keys{attempt_key(exchange, 's', {reinterpret_cast<const char*>(source.data()), source.size()}),
                         attempt_key(exchange, 'a', exchange.outcome.account)};
  const auto cookies = exchange.head.known(http::KnownHeader::cookie);
  if (!exchange.service.devices || cookies.repeated) return keys;
  const std::string_view cookie = http::cookie_value(cookies.value, identity::device_cookie_name);
  const auto device = exchange.service.devices->device_of(cookie, exchange.outcome.account);
  if (!device) return keys;
  exchange.known_device = true;
  return {keys.source, attempt_key(exchange, 'd', *device)};
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
Accounts accounts_of(Exchange& exchange) {
  return Admit::make<Accounts>(*exchange.service.stored.accounts, &exchange.outcome);
}

void* state_of(Exchange& exchange, const void* key) {
  for (const auto& state : exchange.service.definition.states) {
    if (state.key == key) return state.value.get();
  }
  return nullptr;  // not reached: a State<T> that nobody provides is refused at start
}

Task<bool> begin_attempt(Exchange& exchange, std::string account) {
  if (account.empty()) co_return true;  // a form that was wrong: there is nothing to verify, so nothing to count
  exchange.outcome.account = std::move(account);
  const attempts& limit = exchange.route->limit;
  const auto& [source, who] = keys_of_attempt(exchange);
  const std::int64_t period = std::chrono::nanoseconds(limit.per).count();
  exchange.attempt_charges = {
      limits::Charge{source, limits::Counting::fixed_window, limit.max_per_source, period},
      limits::Charge{who, limits::Counting::failures, limit.max, period},
  };
  exchange.attempted_ns = exchange.loop.clock.now().time_since_epoch().count();

  const gate::LimitStores& stores = exchange.rules.stores;
  limits::Decision decision;
  if (stores.redis) {
    decision = co_await stores.redis->charge(exchange.attempt_charges, &exchange.attempted_ns);
  } else {
    decision = stores.local->charge(exchange.attempt_charges, exchange.attempted_ns);
  }
  if (decision.admitted) {
    exchange.attempt = gate::AttemptState::counted;
    co_return true;
  }
  // Not the counters of this process: whoever can make the store unreachable would win guesses on every machine.
  if (decision.store_failed) {
    gate::security_event(exchange, "sys_limit_store", "an attempt could not be counted, and was refused",
                         ops::Severity::error);
    gate::refuse_until(exchange, gate::problems::busy, 1);
    co_return false;
  }
  std::int64_t wait = 0;
  for (const limits::Quota& quota : decision.quotas) wait = std::max(wait, quota.retry_after_ns);
  if (decision.quotas[1].admitted) {
    gate::security_event(exchange, "authn_login_fail_max", "attempts of the source used up");
  } else {
    gate::security_event(exchange, "authn_login_lock", "attempts at the account used up");
  }
  gate::refuse_until(exchange, gate::problems::too_many, std::max(1U, gate::whole_seconds(wait)));
  co_return false;
}

const Principal* principal_of(const Exchange& exchange) noexcept {
  return exchange.principal ? &*exchange.principal : nullptr;
}

SignedIn Admit::signed_in(const Principal& principal) {
  return SignedIn(principal.id, principal.name, principal.email, principal.role);
}

}  // namespace sallyport::detail
