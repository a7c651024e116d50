// Charging a request to its limits, all or none.
#include "gate/limits.hpp"

#include "gate/checks.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace sallyport::gate {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

// Hashed without a secret, because names are literals of the source. Clients can't choose keys: key_of hashes the whole
// with a secret key.
std::uint64_t tag_of(std::string_view name) noexcept { return crypto::siphash({}, crypto::bytes_of(name)); }

std::string text_7(std::uint32_t limit, std::int64_t period_ns) {
  return std::to_string(limit) + ";w=" + std::to_string(whole_seconds(period_ns));
}

std::string text_8(std::string_view name, std::uint32_t limit, std::int64_t period_ns) {
  return "\"" + std::string(name) + "\";q=" + text_7(limit, period_ns);
}

// The hash of the policy's tag and of the client or account that it counts: 16 bytes hold an address or an account's
// id.
std::uint64_t key_of(const Rules& rules, const LimitPolicy& policy, crypto::ByteView who) noexcept {
  std::array<unsigned char, 8 + 16> text{};
  std::memcpy(text.data(), &policy.tag, sizeof policy.tag);
  std::copy_n(who.begin(), std::min<std::size_t>(who.size(), 16), text.begin() + 8);
  return crypto::siphash(rules.table_key, text);
}

void add(Exchange& exchange, const LimitPolicy& policy, std::uint32_t cost, std::uint64_t key) {
  auto& due = exchange.due;
  if (due.count == due.charges.size()) return;  // RouteTable refuses more
  due.policies[due.count] = &policy;
  due.charges[due.count] = policy.charge;
  due.charges[due.count].key = key;
  due.charges[due.count].cost = cost;
  ++due.count;
}
void add(Exchange& exchange, const LimitPolicy& policy, std::uint32_t cost, crypto::ByteView who) {
  add(exchange, policy, cost, key_of(exchange.rules, policy, who));
}

void add_general(Exchange& exchange) {
  const LimitPolicy& policy = *exchange.rules.general;
  auto& last = exchange.general_key;
  if (!last.made || last.client != exchange.client)
    last = {exchange.client, key_of(exchange.rules, policy, exchange.client.client_prefix().bytes()), true};
  add(exchange, policy, 1, last.key);
}

bool exempt(const Exchange& exchange) noexcept {
  const auto& allow = exchange.rules.allow;
  return std::any_of(allow.begin(), allow.end(),
                     [&](const base::IpRange& range) { return range.contains(exchange.client); });
}

std::int64_t now_of(const Exchange& exchange) noexcept { return exchange.started.time_since_epoch().count(); }

void give_one_back(const Exchange& exchange, const Exchange::Charged& charged) {
  exchange.rules.stores.give_back({&charged.charge, 1}, charged.at_ns, exchange.loop, charged.counted_here);
}

// A window may be two steps of the table longer than its period: that is not rounded up to another second.
std::uint32_t seconds_of_quota(const limits::Charge& charge, std::int64_t ns) noexcept {
  constexpr std::int64_t steps = std::int64_t{1} << 21;
  return whole_seconds(charge.counting == limits::Counting::fixed_window && ns < charge.period_ns + steps
                           ? std::min(ns, charge.period_ns)
                           : ns);
}

// Records the state of the limits. False: the answer is 429.
bool record_decision(Exchange& exchange, const limits::Decision& decision, std::int64_t charged_at_ns,
                     bool counted_here) {
  const auto& due = exchange.due;
  const LimitPolicy* refused = nullptr;
  std::uint32_t wait = 0;
  for (std::size_t i = 0; i < due.count; ++i) {
    const limits::Quota& quota = decision.quotas[i];
    const LimitPolicy& policy = *due.policies[i];
    if (exchange.counted_limits < exchange.limits.size())
      exchange.limits[exchange.counted_limits++] = {&policy, quota.remaining,
                                                    seconds_of_quota(due.charges[i], quota.reset_ns)};
    const std::uint32_t retry = seconds_of_quota(due.charges[i], quota.retry_after_ns);
    if (!quota.admitted && (!refused || retry > wait)) {
      refused = &policy;
      wait = retry;
    }
    const bool of_route = &policy != exchange.rules.general.get();
    if (!decision.admitted) continue;
    const Exchange::Charged charged{due.charges[i], charged_at_ns, policy.of_failures, counted_here};
    if (!of_route) {
      exchange.general = charged;
    } else if (exchange.charged_count < exchange.charged.size()) {
      exchange.charged[exchange.charged_count++] = charged;
    }
  }
  if (decision.admitted) return true;
  security_event(exchange, "excess_rate_limit_exceeded", refused ? std::string_view(refused->name) : "general");
  refuse_until(exchange, problems::too_many, std::max(1U, wait));
  return false;
}

}  // namespace

LimitPolicy::LimitPolicy(const detail::LimitFacts& facts)
    : name(facts.name),
      charge{.counting = facts.in_windows ? limits::Counting::fixed_window : limits::Counting::gcra,
             .limit = facts.max,
             .period_ns = std::chrono::nanoseconds(facts.per).count()},
      by(facts.by),
      of_failures(facts.of_failures),
      tag(tag_of(facts.name)),
      draft_8(text_8(name, charge.limit, charge.period_ns)),
      draft_7(text_7(charge.limit, charge.period_ns)) {}

LimitPolicy::LimitPolicy(std::uint32_t per_second, std::uint32_t burst)
    : name("general"),
      charge{.counting = limits::Counting::gcra, .limit = burst, .period_ns = second_ns / per_second * burst},
      tag(tag_of(name)),
      draft_8(text_8(name, burst, std::max(second_ns, charge.period_ns))),
      draft_7(text_7(burst, std::max(second_ns, charge.period_ns))) {}

namespace {

bool decide_here(Exchange& exchange) {
  const auto& due = exchange.due;
  if (due.count == 0) return true;
  const std::int64_t now = now_of(exchange);
  return record_decision(exchange, exchange.rules.stores.local->charge({due.charges.data(), due.count}, now), now,
                         true);
}

Task<void> decide_in_redis(Exchange& exchange) {
  const auto& due = exchange.due;
  std::int64_t counted_at_ns = 0;
  limits::Decision decision = co_await exchange.rules.stores.redis->charge(
      exchange.loop.events, {due.charges.data(), due.count}, &counted_at_ns);
  // Redis does not answer: the counters of this process are used, so that the service goes on. RedisLink has logged it, once.
  const bool admitted =
      decision.store_failed ? decide_here(exchange) : record_decision(exchange, decision, counted_at_ns, false);
  exchange.position.outcome = admitted ? Outcome::next : Outcome::answered;
}

void collect_general_limit(Exchange& exchange) {
  exchange.due.count = 0;
  // A page has many assets, and they cost next to nothing. On the port that only redirects nothing else is served.
  const bool asset = exchange.facts && exchange.facts->is_asset && !exchange.redirect_listener && !exchange.preflight;
  if (!asset && !exempt(exchange)) add_general(exchange);
}

void collect_route_limits(Exchange& exchange) {
  exchange.due.count = 0;
  for (const RouteLimit& limit : exchange.facts->limits) {
    switch (limit.policy->by) {
      case LimitedBy::client:
        if (!exempt(exchange)) add(exchange, *limit.policy, limit.cost, exchange.client.client_prefix().bytes());
        break;
      case LimitedBy::account:
        if (exchange.user) add(exchange, *limit.policy, limit.cost, exchange.user->bytes());
        break;
      case LimitedBy::everybody:
        add(exchange, *limit.policy, limit.cost, {});
        break;
    }
  }
}

Outcome decide(Exchange& exchange) {
  if (exchange.due.count == 0) return Outcome::next;
  if (!exchange.rules.stores.redis) return decide_here(exchange) ? Outcome::next : Outcome::answered;
  exchange.start(decide_in_redis(exchange));
  return Outcome::waits;
}

}  // namespace

Outcome general_limit(Exchange& exchange) {
  collect_general_limit(exchange);
  return decide(exchange);
}

Outcome route_limits(Exchange& exchange) {
  collect_route_limits(exchange);
  return decide(exchange);
}

bool count_request(Exchange& exchange) {
  exchange.due.count = 0;
  if (!exempt(exchange)) add_general(exchange);
  return decide_here(exchange);
}

void refund_limits(Exchange& exchange) {
  if (exchange.answer.status < 400) {
    for (std::size_t i = 0; i < exchange.charged_count; ++i) {
      if (exchange.charged[i].of_failures) give_one_back(exchange, exchange.charged[i]);
    }
  }
  exchange.charged_count = 0;
}

void give_limits_back(Exchange& exchange) {
  for (std::size_t i = 0; i < exchange.charged_count; ++i) give_one_back(exchange, exchange.charged[i]);
  exchange.charged_count = 0;
}

void give_general_limit_back(Exchange& exchange) {
  if (exchange.general) give_one_back(exchange, *exchange.general);
  exchange.general.reset();
}

void LimitStores::give_back(std::span<const limits::Charge> charges, std::int64_t charged_at_ns, const Loop& loop,
                            bool counted_here) const {
  if (redis && !counted_here) {
    redis->give_back(loop.events, charges, charged_at_ns);
  } else {
    local->give_back(charges, charged_at_ns, loop.clock.now().time_since_epoch().count());
  }
}

}  // namespace sallyport::gate
