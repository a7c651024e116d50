// Reads the secrets of webhooks at start, and checks each delivery: signed head, signed body, taken once.
#include "route/webhooks.hpp"

#include <sallyport/app.hpp>
#include <sallyport/handler.hpp>

#include "crypto/base64url.hpp"
#include "crypto/siphash.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "route/call.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sallyport::route {

using gate::Exchange;
using gate::Outcome;
using gate::SignatureFault;

// --- Secrets

namespace {

constexpr std::size_t shortest_secret = 16;  // bytes; who has one delivery can try shorter ones at leisure
constexpr std::size_t most_secrets = 4;
constexpr std::string_view base64_mark = "whsec_";

// Null: it is none.
std::optional<crypto::HmacSha256> key_of(const WebhookScheme& scheme, std::string_view line) {
  if (!scheme.secret_in_base64) {
    if (line.size() < shortest_secret) return std::nullopt;
    return crypto::HmacSha256(crypto::bytes_of(line));
  }
  if (line.starts_with(base64_mark)) line.remove_prefix(base64_mark.size());
  const auto size = crypto::base64_decoded_size(line, crypto::Base64::padded);
  if (!size || *size < shortest_secret) return std::nullopt;
  bool good = false;
  const SecretBytes decoded(*size, [&](std::span<unsigned char> out) {
    good = crypto::decode_base64(line, out, crypto::Base64::padded) == *size;
  });
  if (!good) return std::nullopt;
  return crypto::HmacSha256(decoded);
}

void read_keys(Webhook& webhook, const detail::AppDefinition& definition, ops::Findings& findings) {
  const WebhookScheme& scheme = *webhook.scheme;
  detail::AppDefinition read;  // for its faults
  read.secret_source = definition.secret_source;
  const SecretBytes file = detail::read_app_secret(scheme.secret, read);
  for (const detail::SecretFault& fault : read.secret_faults)
    findings.add("CFG-006", fault.file, fault.problem, fault.fix);
  if (!read.secret_faults.empty()) return;
  bool good = true;
  file.expose([&](std::string_view rest) {
    while (!rest.empty()) {
      std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() == rest.size() ? line.size() : line.size() + 1);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (line.empty()) continue;
      auto key = key_of(scheme, line);
      good = good && key && webhook.keys.size() < most_secrets;
      if (good) webhook.keys.push_back(*std::move(key));
    }
  });
  if (good && !webhook.keys.empty()) return;
  findings.add("CFG-006", std::string(scheme.secret),
               scheme.secret_in_base64
                   ? "a line of this file is no secret of a webhook: whsec_ and base64 of 16 bytes or more"
                   : "a line of this file is no secret of a webhook: 16 bytes or more",
               "write the secret that the sender shows, four at most, each in a line of its own");
}

const Webhook* webhook_of(const Exchange& exchange) {
  const Call& call = call_of(exchange);
  for (const Webhook& each : call.service.webhooks) {
    if (each.scheme == call.route->handler.facts.webhook) return &each;
  }
  return nullptr;
}

}  // namespace

std::vector<Webhook> read_webhooks(const RouteTable& table, const detail::AppDefinition& definition,
                                   ops::Findings& findings) {
  std::vector<Webhook> webhooks;
  for (const auto& route : table.routes()) {
    const WebhookScheme* const scheme = route->handler.facts.webhook;
    const auto same = [scheme](const Webhook& each) { return each.scheme == scheme; };
    if (!scheme || std::any_of(webhooks.begin(), webhooks.end(), same)) continue;
    Webhook& webhook = webhooks.emplace_back();
    webhook.scheme = scheme;
    read_keys(webhook, definition, findings);
  }
  return webhooks;
}

// --- Deliveries

namespace {

bool refused(Exchange& exchange, SignatureFault fault) {
  std::string_view reason;
  switch (fault) {
    case SignatureFault::none:
      return false;
    case SignatureFault::missing:
      reason = "a webhook without its signature, time or id";
      break;
    case SignatureFault::malformed:
      reason = "the signature, time or id of a webhook can't be read";
      break;
    case SignatureFault::old:
      reason = "a webhook was sent too long ago";
      break;
    case SignatureFault::early:
      reason = "a webhook was sent in the future: is a clock wrong?";
      break;
    case SignatureFault::wrong:
      reason = "the signature of a webhook does not verify";
      break;
  }
  gate::security_event(exchange, "authn_signature_fail", reason);
  gate::refuse(exchange, fault == SignatureFault::malformed ? gate::problems::unreadable_signature
                                                            : gate::problems::wrong_signature);
  return true;
}

limits::Charge once(const Exchange& exchange, const WebhookScheme& scheme, char kind, crypto::ByteView what) {
  std::string text = "webhook ";
  text.append(scheme.secret).push_back(kind);
  text.append(crypto::text_of(what));
  // Longer than a delivery could come again: from the first that is early to the last that is old. Without a time there is no last.
  const std::chrono::nanoseconds remembered =
      scheme.timestamp.empty() ? std::chrono::hours(24) : 2 * scheme.tolerance + std::chrono::seconds(5);
  return {crypto::siphash(exchange.rules.table_key, crypto::bytes_of(text)), limits::Counting::fixed_window, 1,
          remembered.count()};
}

// By what proves that it is the same: the id where it is signed, else what was signed. An id that is not signed is one more.
void name_delivery(Exchange& exchange, const WebhookScheme& scheme, const crypto::HmacSha256::Tag& tag) {
  DeliveryState& delivery = *call_of(exchange).delivery;
  const bool id_is_signed = scheme.signs.find("{id}") != scheme.signs.npos;
  delivery.name_count = 0;
  if (!id_is_signed) delivery.names[delivery.name_count++] = once(exchange, scheme, 's', tag);
  if (!delivery.head.id.empty())
    delivery.names[delivery.name_count++] = once(exchange, scheme, 'i', crypto::bytes_of(delivery.head.id));
}

// Whether the request goes on. Only one that was admitted has something to give back: another one with the same names may be running.
bool decide(Exchange& exchange, const limits::Decision& decision) {
  call_of(exchange).delivery->taken = decision.admitted;
  if (decision.admitted) return true;
  if (decision.store_failed) {
    gate::security_event(exchange, "sys_limit_store",
                         "whether a webhook was taken before is not known, and it was refused", ops::Severity::error);
    gate::refuse_until(exchange, gate::problems::busy, 1);
    return false;
  }
  gate::security_event(exchange, "authn_token_reuse", "a webhook that was taken already");
  gate::refuse(exchange, gate::problems::taken_already);
  return false;
}

Task<void> take_in_redis(Exchange& exchange) {
  DeliveryState& delivery = *call_of(exchange).delivery;
  const limits::Decision decision = co_await exchange.rules.stores.redis->charge(
      exchange.loop.events, std::span(delivery.names).first(delivery.name_count), &delivery.taken_at_ns);
  if (!decide(exchange, decision)) exchange.position.outcome = Outcome::answered;
}

}  // namespace

Outcome check_signed_head(Exchange& exchange) {
  Call& call = call_of(exchange);
  call.delivery = std::make_unique<DeliveryState>();
  const auto now =
      std::chrono::duration_cast<std::chrono::seconds>(exchange.loop.clock.wall().time_since_epoch()).count();
  const SignatureFault fault =
      gate::read_signed_head(*call.route->handler.facts.webhook, exchange.head.fields(), now, call.delivery->head);
  return refused(exchange, fault) ? Outcome::answered : Outcome::next;
}

Outcome check_signed_body(Exchange& exchange) {
  Call& call = call_of(exchange);
  if (!call.delivery) [[likely]]
    return Outcome::next;
  const Webhook* const webhook = webhook_of(exchange);
  crypto::HmacSha256::Tag tag{};
  const bool right =
      webhook && gate::verify_signature(*webhook->scheme, webhook->keys, call.delivery->head, exchange.body, tag);
  if (!right) {
    refused(exchange, SignatureFault::wrong);
    return Outcome::answered;
  }
  name_delivery(exchange, *webhook->scheme, tag);
  DeliveryState& delivery = *call.delivery;
  delivery.taken_at_ns = exchange.loop.clock.now().time_since_epoch().count();
  const gate::LimitStores& stores = exchange.rules.stores;
  if (stores.redis) {
    exchange.start(take_in_redis(exchange));
    return Outcome::waits;
  }
  const auto charges = std::span(delivery.names).first(delivery.name_count);
  return decide(exchange, stores.local->charge(charges, delivery.taken_at_ns)) ? Outcome::next : Outcome::answered;
}

void give_delivery_back(Exchange& exchange) noexcept {
  DeliveryState* const delivery = call_of(exchange).delivery.get();
  if (!delivery || !std::exchange(delivery->taken, false)) return;
  try {
    exchange.rules.stores.give_back(std::span(delivery->names).first(delivery->name_count), delivery->taken_at_ns,
                                    exchange.loop);
  } catch (...) {
    // No memory: it stays taken, and its sender is told so.
  }
}

void settle_delivery(Exchange& exchange) {
  if (exchange.answer.status >= 400) return give_delivery_back(exchange);
  if (DeliveryState* const delivery = call_of(exchange).delivery.get()) delivery->taken = false;
}

}  // namespace sallyport::route

namespace sallyport::detail {
namespace {

const gate::Exchange& exchange_of(const HeldRequest& request) {
  return static_cast<const gate::Exchange&>(request.get());
}

std::string field_named(const gate::Exchange& exchange, std::string_view name) {
  if (name.empty()) return {};
  for (const http::HeaderField& field : exchange.head.fields()) {
    if (equal_ignoring_case(field.name, name)) return std::string(field.value);
  }
  return {};
}

const WebhookScheme& scheme_of(const gate::Exchange& exchange) {
  return *route::call_of(exchange).route->handler.facts.webhook;
}

}  // namespace

std::string Delivery::id() const {
  const gate::Exchange& exchange = exchange_of(request_);
  return field_named(exchange, scheme_of(exchange).id);
}

std::string Delivery::event() const {
  const gate::Exchange& exchange = exchange_of(request_);
  return field_named(exchange, scheme_of(exchange).event);
}

std::string Delivery::text() const { return std::string(exchange_of(request_).body); }

}  // namespace sallyport::detail
