// Cross-site request forgery: a request that changes state and carries something the browser adds by itself must come
// from our own pages. Sec-Fetch-Site decides, Origin where it is missing; both missing is refused.
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {
namespace {

bool refused(Exchange& exchange, std::string_view reason) {
  security_event(exchange, "malicious_csrf", reason);
  refuse(exchange, problems::cross_origin);
  return false;
}

}  // namespace

bool csrf(Exchange& exchange) {
  if (exchange.safe_method()) return true;  // a GET handler can't write: DATA-001
  const auto& head = exchange.head;
  const bool ambient = head.has(wire::KnownHeader::cookie) || (exchange.facts && exchange.facts->begins_session);
  if (!ambient) return true;  // nothing that a foreign page could ride on

  if (const auto site = head.known(wire::KnownHeader::sec_fetch_site)) {
    if (site.repeated) return refused(exchange, "Sec-Fetch-Site repeated");
    // `none`: typed, a bookmark, a reload: no site caused it.
    if (site.value == "same-origin" || site.value == "none") return true;
    return refused(exchange, "Sec-Fetch-Site is not same-origin");
  }
  const auto origin = head.known(wire::KnownHeader::origin);
  if (!origin) return refused(exchange, "neither Sec-Fetch-Site nor Origin");
  if (origin.repeated) return refused(exchange, "Origin repeated");
  // Compared with the configured origin, never with Host: scheme and port count, and "null" is nobody's.
  if (origin.value == exchange.rules.origin) return true;
  return refused(exchange, "Origin is not ours");
}

}  // namespace sallyport::gate
