// Counts 404s per client.
#include "gate/not_found_flood.hpp"

#include "crypto/siphash.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {

void count_not_found(Exchange& exchange) {
  constexpr limits::GcraTable::Rate thirty_a_minute{2'000'000'000, 30};
  constexpr limits::GcraTable::Rate hourly{3'600'000'000'000, 1};
  // `log_throttle` has other keys, too. These constants ("miss" and "logg" in ASCII, an arbitrary choice) keep its keys apart.
  constexpr std::uint64_t counted = 0x6d697373;
  constexpr std::uint64_t logged = 0x6c6f6767;
  const Rules& rules = exchange.rules;
  const std::int64_t now = exchange.started.time_since_epoch().count();
  const std::uint64_t client = crypto::siphash(rules.table_key, exchange.client.client_prefix().bytes());
  if (rules.log_throttle->admit(client ^ counted, thirty_a_minute, now).admitted) return;
  if (!rules.log_throttle->admit(client ^ logged, hourly, now).admitted) return;
  security_event(exchange, "malicious_excess_404", "more than 30 requests in a minute for what is not there");
}

}  // namespace sallyport::gate
