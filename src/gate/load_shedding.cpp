// Load shedding: an event loop that runs late is overloaded. New requests get a cheap 503 with Retry-After; serving them would delay
// all the others even more.
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {

bool not_overloaded(Exchange& exchange) {
  if (exchange.loop.events.lag <= exchange.rules.most_lag) return true;
  // Once a second: what can't be served must not fill the log.
  constexpr limits::GcraTable::Rate secondly{1'000'000'000, 1};
  constexpr std::uint64_t key = 0x6c61676c61676c61;
  if (exchange.rules.log_throttle->admit(key, secondly, exchange.started.time_since_epoch().count()).admitted)
    security_event(exchange, "sys_overload", "the event loop is late", ops::Severity::error);
  refuse_until(exchange, problems::busy, 1);
  return false;
}

}  // namespace sallyport::gate
