// Resource isolation: another site may link to us, frame what is marked for it, read what CORS grants it, and nothing else (Fetch
// Metadata Request Headers, W3C).
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {

bool resource_isolation(Exchange& exchange) {
  const auto site = exchange.head.known(http::KnownHeader::sec_fetch_site);
  if (!site || !exchange.safe_method()) return true;  // an old browser or no browser; state changes: see csrf.cpp
  if (!site.repeated && (site.value == "same-origin" || site.value == "none")) return true;
  if (!exchange.cors.origin.empty()) return true;  // see cors.cpp

  const auto mode = exchange.head.known(http::KnownHeader::sec_fetch_mode);
  const auto dest = exchange.head.known(http::KnownHeader::sec_fetch_dest);
  const bool framed = dest.value == "iframe" || dest.value == "frame";
  const bool embedded =
      dest.value == "object" || dest.value == "embed" || (framed && !(exchange.facts && exchange.facts->embeddable));
  const bool navigation = mode.value == "navigate" && !mode.repeated && !dest.repeated;
  if (navigation && !embedded && exchange.head.method != http::Method::options) return true;

  security_event(exchange, "malicious_cors", "cross-site request that is no navigation");
  refuse(exchange, problems::embedding);
  return false;
}

}  // namespace sallyport::gate
