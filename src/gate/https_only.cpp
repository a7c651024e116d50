// The port without TLS: pages are sent to the canonical origin, all else is told to use https (OWASP ASVS 4.1.2).
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {

// If an API call or a form were redirected, its sender would not notice that it was first sent without encryption.
bool https_only(Exchange& exchange) {
  if (!exchange.redirect_listener) return true;
  const http::RequestHead& head = exchange.head;
  const bool reads = head.method == http::Method::get || head.method == http::Method::head;
  if (!reads || !exchange.wants_page() || exchange.path.empty()) {
    security_event(exchange, "malicious_extraneous", "not a page, and without TLS");
    exchange.answer.close = true;
    refuse(exchange, problems::https_wanted);
    return false;
  }
  // The origin ends with its host or port and the path begins with its slash (see path_shape): nothing that the client sent can
  // become part of the host. The Host field and an absolute target's host are not used.
  exchange.answer.reset();
  exchange.answer.status = 308;
  std::string& location = exchange.answer.location;
  location.append(exchange.rules.origin).append(head.path);
  if (head.has_query) location.append("?").append(head.query);
  return false;
}

}  // namespace sallyport::gate
