// Whose request is it? The peer's, unless the peer is a trusted proxy that names someone else.
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

#include <algorithm>

namespace sallyport::gate {
namespace {

bool trusted(const Rules& rules, const ops::IpAddress& address) noexcept {
  return std::any_of(rules.trusted_proxies.begin(), rules.trusted_proxies.end(),
                     [&](const ops::IpRange& range) { return range.contains(address); });
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

// The list is read from the right: its last entry was written by the proxy next to us, each further left by somebody that
// much less known. The first that is not one of our proxies is the client; what is left of it is hearsay.
bool client_address(Exchange& exchange) {
  const Rules& rules = exchange.rules;
  if (rules.trusted_proxies.empty() || !trusted(rules, exchange.peer)) return true;

  const auto proto = exchange.head.known(wire::KnownHeader::x_forwarded_proto);
  if (proto.repeated || proto.value != "https") {
    security_event(exchange, "malicious_extraneous", "proxy did not say https");
    refuse(exchange, problems::bad_request);
    return false;
  }
  const auto forwarded = exchange.head.known(wire::KnownHeader::x_forwarded_for);
  if (forwarded.repeated) {
    security_event(exchange, "malicious_extraneous", "X-Forwarded-For repeated");
    refuse(exchange, problems::bad_request);
    return false;
  }
  std::string_view list = forwarded.value;
  while (!list.empty()) {
    const std::size_t comma = list.rfind(',');
    const std::string_view entry = trim(comma == list.npos ? list : list.substr(comma + 1));
    list = comma == list.npos ? std::string_view{} : list.substr(0, comma);
    const auto address = ops::IpAddress::parse(entry);
    if (!address) break;  // what stands here is not an address: whoever wrote it, the last one known is the client
    exchange.client = *address;
    if (!trusted(rules, *address)) break;
  }
  return true;
}

}  // namespace sallyport::gate
