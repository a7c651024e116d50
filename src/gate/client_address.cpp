// Finds the client's address: the peer's, unless the peer is a trusted proxy that names another client.
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"
#include "http/forwarded.hpp"

#include "base/character_class.hpp"
#include "crypto/siphash.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::gate {
namespace {

using http::KnownHeader;

bool trusted(const Rules& rules, const base::IpAddress& address) noexcept {
  return std::any_of(rules.trusted_proxies.begin(), rules.trusted_proxies.end(),
                     [&](const base::IpRange& range) { return range.contains(address); });
}

bool has_forwarding_fields(const http::RequestHead& head) noexcept {
  return head.has(KnownHeader::forwarded) || head.has(KnownHeader::x_forwarded_for) ||
         head.has(KnownHeader::x_forwarded_host) || head.has(KnownHeader::x_forwarded_port) ||
         head.has(KnownHeader::x_forwarded_proto) || head.has(KnownHeader::x_real_ip);
}

// Once an hour for each client, because a client that sends such fields sends them with every request. The table's size
// bounds the number of lines, whatever the number of clients.
void log_throttled(Exchange& exchange, std::string_view reason) {
  constexpr limits::GcraTable::Rate hourly{3'600'000'000'000, 1};
  const auto prefix = exchange.peer.client_prefix();
  const std::uint64_t key = crypto::siphash(exchange.rules.table_key, prefix.bytes());
  if (exchange.rules.log_throttle->admit(key, hourly, exchange.started.time_since_epoch().count()).admitted) {
    security_event(exchange, "malicious_extraneous", reason);
  }
}

// Once an hour for each client, as above.
bool refuse_proxy(Exchange& exchange) {
  log_throttled(
      exchange,
      "a request came through a proxy, and this is development mode: run the service in production mode behind it");
  exchange.answer.close = true;
  refuse(exchange, problems::development_only);
  return false;
}

bool refuse_because(Exchange& exchange, std::string_view reason, const Problem& problem = problems::bad_request) {
  security_event(exchange, "malicious_extraneous", reason);
  refuse(exchange, problem);
  return false;
}

// The client as the proxies' fields name it.
struct ClientTrail {
  base::IpAddress client;
  http::Hop nearest{.kind = http::Hop::Kind::hidden};  ///< what the proxy nearest to us wrote
};

// From the right: each element was written by the host that the one before it names, the first by the proxy nearest to us.
// The client is the first host that is not one of our proxies; elements left of it are not trusted. Where an element names
// no host (a hidden name, nonsense from a host that is trusted only because it is inside a range) the client is the last
// host known.
ClientTrail trace(const Exchange& exchange, KnownHeader field) noexcept {
  ClientTrail trail{.client = exchange.peer};
  http::ElementsFromRight elements(exchange.head, field);
  bool nearest = true;
  while (const auto element = elements.next()) {
    const http::Hop hop =
        field == KnownHeader::forwarded ? http::read_forwarded(*element) : http::read_x_forwarded_for(*element);
    if (std::exchange(nearest, false)) trail.nearest = hop;
    if (hop.kind != http::Hop::Kind::address) break;
    trail.client = hop.address;
    if (!trusted(exchange.rules, hop.address)) break;
  }
  return trail;
}

bool is_https(std::string_view scheme) noexcept { return base::equal_ignoring_case(scheme, "https"); }

// Whether the request came over TLS. No field may say otherwise; where our own connection has no TLS, a field must say
// so.
bool came_by_https(const Exchange& exchange, const http::Hop& forwarded) noexcept {
  const auto x_forwarded_proto = http::ElementsFromRight(exchange.head, KnownHeader::x_forwarded_proto).next();
  if (x_forwarded_proto && !is_https(*x_forwarded_proto)) return false;
  if (!forwarded.proto.empty() && !is_https(forwarded.proto)) return false;
  return x_forwarded_proto || !forwarded.proto.empty() || exchange.rules.tls;
}

}  // namespace

bool client_address(Exchange& exchange) {
  const http::RequestHead& head = exchange.head;
  const Rules& rules = exchange.rules;
  if (!trusted(rules, exchange.peer)) {
    const bool forwarded = has_forwarding_fields(head);
    // What is made for one machine would be reached from others.
    if (rules.development && rules.trusted_proxies.empty() && (forwarded || head.has(KnownHeader::via)))
      return refuse_proxy(exchange);
    if (forwarded) log_throttled(exchange, "forwarded field from an untrusted peer");
    return true;
  }

  const ClientTrail forwarded = trace(exchange, KnownHeader::forwarded);
  const ClientTrail x_forwarded = trace(exchange, KnownHeader::x_forwarded_for);
  // Our own proxy wrote this element and writes it so for every request. A guess would hide this configuration mistake and
  // count all clients as one.
  if (forwarded.nearest.kind == http::Hop::Kind::malformed || x_forwarded.nearest.kind == http::Hop::Kind::malformed) {
    return refuse_because(exchange, "a trusted proxy's own forwarded element is malformed");
  }
  // A proxy that writes one of the two fields passes the other on as the client sent it. Only its operator knows which of
  // them it writes.
  if (head.has(KnownHeader::forwarded) && head.has(KnownHeader::x_forwarded_for) &&
      forwarded.client != x_forwarded.client) {
    return refuse_because(exchange, "Forwarded and X-Forwarded-For name different clients");
  }
  exchange.client = head.has(KnownHeader::forwarded) ? forwarded.client : x_forwarded.client;

  if (!exchange.redirect_listener && !came_by_https(exchange, forwarded.nearest)) {
    return refuse_because(exchange, "a trusted proxy did not say https: it has to set X-Forwarded-Proto");
  }
  const auto named = http::ElementsFromRight(head, KnownHeader::x_forwarded_host).next();
  if ((named && !rules.answers_to(*named)) ||
      (!forwarded.nearest.host.empty() && !rules.answers_to(forwarded.nearest.host))) {
    return refuse_because(exchange, "forwarded host is not ours", problems::misdirected);
  }
  return true;
}

}  // namespace sallyport::gate
