// Reads typed arguments for handlers; what can't be read becomes the answer.
#include <sallyport/handler.hpp>

#include "gate/attempts.hpp"
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "http/cookie.hpp"
#include "identity/user_admin.hpp"
#include "route/call.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"

#include <simdjson.h>

#include <algorithm>
#include <utility>

namespace sallyport::detail {

using route::AttemptState;
using route::call_of;

namespace {

bool invalid(Exchange& exchange, const FieldErrors& errors) {
  std::string json;
  errors.append_json(json);
  gate::security_event(exchange, "input_validation_fail", errors.entries().empty() ? "input" : "members refused",
                       ops::Severity::info);
  gate::refuse_invalid(exchange, gate::problems::invalid_input, json);
  return false;
}

// The accounts that this browser has signed in to before, as its device cookie proves.
std::optional<std::string> known_device(const Exchange& exchange, AttemptState& tried) {
  const route::Call& call = call_of(exchange);
  if (!call.service.devices) return std::nullopt;
  const std::string_view cookie = http::cookie_value(exchange.cookies(), identity::device_cookie_name);
  const auto device = call.service.devices->device_of(cookie, tried.account);
  if (!device) return std::nullopt;
  tried.known_device = true;
  return std::string(*device);
}

}  // namespace

bool read_body(Exchange& exchange, const TypeInfo& type, void* out) {
  FieldErrors errors;
  const std::string_view body = exchange.body;
  const bool read =
      call_of(exchange).route->handler.facts.reads_json
          ? read_json(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING, type, out, errors)
          : read_form(body, type, out, errors);
  return read || invalid(exchange, errors);
}

namespace {

// Of a webhook, whose sender adds members as it likes.
bool read_content(std::string_view body, const TypeInfo& type, void* slot, bool form, FieldErrors& errors) {
  if (form) return read_form(body, type, slot, errors, UnknownMembers::are_passed_over);
  return read_json(body.data(), body.size(), body.size() + simdjson::SIMDJSON_PADDING, type, slot, errors,
                   UnknownMembers::are_passed_over);
}

}  // namespace

bool read_signed(Exchange& exchange, const TypeInfo& type, void* slot, bool form) {
  FieldErrors errors;
  return read_content(exchange.body, type, slot, form, errors) || invalid(exchange, errors);
}

void Delivery::read(const TypeInfo& type, void* slot, bool form) const {
  FieldErrors errors;
  const std::string_view body = static_cast<const gate::Exchange&>(request_.get()).body;
  if (!read_content(body, type, slot, form, errors))
    throw Problem(400, "Invalid input", "The body of this webhook is not what is read here.");
}

std::string_view form_body(const Exchange& exchange) noexcept { return exchange.body; }

bool read_query(Exchange& exchange, const TypeInfo& type, void* out, bool ignore_unknown) {
  const AnswerFacts::Kind kind = call_of(exchange).route->handler.facts.answer->kind;
  const bool page = kind == AnswerFacts::Kind::page || (kind == AnswerFacts::Kind::response && exchange.wants_page());
  const auto unknown = ignore_unknown || page ? UnknownMembers::are_passed_over : UnknownMembers::are_errors;
  FieldErrors errors;
  return read_form(exchange.head.query, type, out, errors, unknown) || invalid(exchange, errors);
}

// A value that is no T names nothing: 404, not 400, so that ids can't be told from other texts.
bool read_parameter(Exchange& exchange, std::string_view name, const TypeInfo& type, void* out) {
  FieldErrors errors;
  const route::Call& call = call_of(exchange);
  for (std::size_t i = 0; i < call.parameter_count; ++i) {
    if (call.parameters[i].name != name) continue;
    if (read_scalar(call.parameters[i].value, name, type, out, errors)) return true;
    break;
  }
  answer_not_found(exchange);
  return false;
}

void answer_not_owned(Exchange& exchange, std::string_view member) {
  FieldErrors errors;
  errors.add("/" + std::string(member), InputError::not_allowed);
  std::string json;
  errors.append_json(json);
  gate::security_event(exchange, "authz_fail", member, ops::Severity::warning);
  gate::refuse_invalid(exchange, gate::problems::not_owned, json);
}

Db& writer(Exchange& exchange) { return call_of(exchange).service.stored.database->db(); }
const Db& reader(Exchange& exchange) { return call_of(exchange).service.stored.database->reader(); }
TaskContext& request_of(Exchange& exchange) noexcept { return exchange; }

AccountsAdmin& accounts_admin_of(Exchange& exchange) { return *call_of(exchange).service.stored.admin; }

// The id is drawn here, on the event loop's thread: lines are written by the thread of a transaction as well.
Log& log_of(Exchange& exchange) {
  static_cast<void>(exchange.id());
  return call_of(exchange).log.emplace(exchange).log;
}

void* state_of(Exchange& exchange, const void* key) {
  for (const auto& state : call_of(exchange).service.definition.states) {
    if (state.key == key) return state.value.get();
  }
  return nullptr;  // not reached: a State<T> that was not provided is refused at start
}

Task<bool> begin_attempt(Exchange& exchange, std::string account) {
  route::Call& call = call_of(exchange);
  if (account.empty() && call.route->handler.facts.checks_code && call.principal)
    account = identity::account_key(call.principal->email);
  if (account.empty()) co_return true;  // a form that was wrong: there is nothing to verify, so nothing to count
  AttemptState& tried = call.attempt();
  tried.account = std::move(account);
  const route::Route& route = *call.route;
  const detail::HandlerFacts& facts = route.handler.facts;
  std::int64_t unlocked_at = 0;
  if (const auto& database = call.service.stored.database) {
    const Maybe<std::int64_t> unlocked =
        co_await database->own().maybe<std::int64_t>(identity::unlocked_at, tried.account);
    unlocked_at = unlocked.value_or(0);
  }
  const gate::AttemptLimit limit{.max = route.limit.max,
                                 .max_per_source = route.limit.max_per_source,
                                 .per = route.limit.per,
                                 .group = facts.checks_code ? gate::AttemptLimit::code
                                          : facts.signs_up  ? gate::AttemptLimit::sign_up
                                                            : gate::AttemptLimit::sign_in,
                                 .unlocked_at = unlocked_at};
  co_return co_await gate::count_attempt(exchange, tried.counted, limit, tried.account, known_device(exchange, tried));
}

const std::shared_ptr<const Principal>& principal_of(const Exchange& exchange) noexcept {
  return call_of(exchange).principal;
}

SignedIn Admit::signed_in(const std::shared_ptr<const Principal>& principal) {
  using Text = std::string_view;
  return SignedIn(make<OwnedId<User>>(principal->id), Text(principal->name), Text(principal->email),
                  Text(principal->role), std::shared_ptr<const void>(principal));
}

}  // namespace sallyport::detail
