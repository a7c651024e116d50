// Checks that Host names this service. Any other is misdirected (RFC 9110 15.5.20), which stops DNS rebinding and cache
// poisoning.
#include "base/character_class.hpp"
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {
namespace {

// Of a target in absolute form, by whomever it was written: a proxy that speaks for its clients sends none.
bool scheme_fits(const Exchange& exchange) {
  const std::string_view scheme = exchange.head.scheme;
  if (scheme.empty()) return true;
  return base::equal_ignoring_case(scheme, exchange.rules.tls && !exchange.redirect_listener ? "https" : "http");
}

}  // namespace

bool host(Exchange& exchange) {
  if (!scheme_fits(
          exchange)) {  // what was meant for a secured connection came over another (RFC 9110 7.4), or the reverse
    security_event(exchange, "malicious_extraneous", "the target names another scheme");
    exchange.answer.close = true;
    refuse(exchange, problems::misdirected);
    return false;
  }
  const std::string_view named = exchange.head.host;
  if (exchange.rules.answers_to(named)) return true;
  // On the redirect listener the port differs, and the answer is always a redirect to our own origin (see
  // https_only.cpp).
  if (exchange.redirect_listener && !named.empty()) return true;
  security_event(exchange, "malicious_extraneous", named.empty() ? "no Host" : "Host is not ours");
  exchange.answer.close = true;
  refuse(exchange, named.empty() ? problems::bad_request : problems::misdirected);
  return false;
}

}  // namespace sallyport::gate
