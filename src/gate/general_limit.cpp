// The general limit: so many requests per client, whatever they ask for.
#include "crypto/siphash.hpp"
#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

namespace sallyport::gate {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::uint32_t whole_seconds(std::int64_t ns) noexcept {
  return static_cast<std::uint32_t>((ns + second_ns - 1) / second_ns);
}

}  // namespace

bool general_limit(Exchange& exchange) {
  if (exchange.facts && exchange.facts->is_asset) return true;  // a page has many, and they cost next to nothing
  return count_request(exchange);
}

bool count_request(Exchange& exchange) {
  const Rules& rules = exchange.rules;
  const auto prefix = exchange.client.client_prefix();
  const std::uint64_t key = crypto::siphash(rules.table_key, prefix.bytes());
  const store::GcraTable::Rate rate{second_ns / rules.general_per_second, rules.general_burst};
  const auto quota = rules.general->admit(key, rate, exchange.started.time_since_epoch().count());
  exchange.quota = {true, quota.remaining, whole_seconds(quota.reset_ns)};
  if (quota.admitted) return true;
  security_event(exchange, "excess_rate_limit_exceeded", "general");
  refuse_until(exchange, problems::too_many, whole_seconds(quota.retry_after_ns));
  return false;
}

}  // namespace sallyport::gate
