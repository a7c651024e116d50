// The port without TLS: pages are sent to the canonical origin, all else is told to use https (OWASP ASVS 4.1.2).
#include "base/character_class.hpp"
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {
namespace {

// What browsers send raw is no URI's character all the same: a Location has it escaped (RFC 3986 2.1).
void append_query(std::string& location, std::string_view query) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : query) {
    if (base::is_in(base::target_class, c)) {
      location.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    location.push_back('%');
    location.push_back(digits[byte >> 4]);
    location.push_back(digits[byte & 15]);
  }
}

}  // namespace

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
  if (head.has_query) append_query(location.append("?"), head.query);
  return false;
}

}  // namespace sallyport::gate
