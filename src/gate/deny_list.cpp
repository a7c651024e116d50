// Refuses every request of the clients in the setting `limits.deny`.
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

#include <algorithm>

namespace sallyport::gate {

bool not_denied(Exchange& exchange) {
  const auto& deny = exchange.rules.deny;
  const bool denied = std::any_of(deny.begin(), deny.end(),
                                  [&](const base::IpRange& range) { return range.contains(exchange.client); });
  if (!denied) return true;
  security_event(exchange, "excess_rate_limit_exceeded", "limits.deny");
  exchange.answer.close = true;
  refuse(exchange, problems::forbidden);
  return false;
}

}  // namespace sallyport::gate
