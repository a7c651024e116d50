// Counts attempts, and corrects the counters when their outcome is known.
#include "gate/attempts.hpp"

#include "crypto/siphash.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::gate {
namespace {

// The group and the kind go in with the text.
std::uint64_t key_of(const Exchange& exchange, std::uint64_t group, char kind, std::string_view who) {
  std::string text = std::to_string(group);
  text.push_back(kind);
  text.append(who);
  return crypto::siphash(exchange.rules.table_key, crypto::bytes_of(text));
}

std::array<limits::Charge, 2> charges_of(const Exchange& exchange, const AttemptLimit& limit, std::string_view account,
                                         const std::optional<std::string>& device) {
  const auto source = exchange.client.client_prefix().bytes();  // a copy: the prefix is a temporary
  const std::uint64_t who =
      device ? key_of(exchange, limit.group, 'd', *device) : key_of(exchange, limit.group, 'a', account);
  return {limits::Charge{key_of(exchange, limit.group, 's', crypto::text_of(source)), limits::Counting::fixed_window,
                         limit.max_per_source, limit.per.count()},
          limits::Charge{who, limits::Counting::failures, limit.max, limit.per.count()}};
}

}  // namespace

Task<bool> count_attempt(Exchange& exchange, Attempt& attempt, AttemptLimit limit, std::string_view account,
                         std::optional<std::string> device) {
  attempt.charges = charges_of(exchange, limit, account, device);
  attempt.source_pays = limit.group == AttemptLimit::sign_up;
  attempt.at_ns = exchange.loop.clock.now().time_since_epoch().count();

  const LimitStores& stores = exchange.rules.stores;
  limits::Decision decision;
  if (stores.redis) {
    decision = co_await stores.redis->charge(exchange.loop.events, attempt.charges, &attempt.at_ns);
  } else {
    decision = stores.local->charge(attempt.charges, attempt.at_ns);
  }
  if (decision.admitted) {
    attempt.state = Attempt::State::counted;
    co_return true;
  }
  // The counters of this process are not used instead: an attacker who can make the store unreachable would gain
  // guesses on every machine.
  if (decision.store_failed) {
    security_event(exchange, "sys_limit_store", "an attempt could not be counted, and was refused",
                   ops::Severity::error);
    refuse_until(exchange, problems::busy, 1);
    co_return false;
  }
  std::int64_t wait = 0;
  for (const limits::Quota& quota : decision.quotas) wait = std::max(wait, quota.retry_after_ns);
  if (decision.quotas[1].admitted) {
    account_event(exchange, "authn_login_fail_max", "attempts of the source used up", account);
  } else {
    account_event(exchange, "authn_login_lock", "attempts at the account used up", account);
  }
  refuse_until(exchange, problems::too_many, std::max(1U, whole_seconds(wait)));
  co_return false;
}

Task<bool> use_once(Exchange& exchange, AttemptLimit::Group group, std::string_view what,
                    std::chrono::nanoseconds lifetime) {
  const std::array<limits::Charge, 1> charges{
      limits::Charge{key_of(exchange, group, 'o', what), limits::Counting::fixed_window, 1, lifetime.count()}};
  std::int64_t at_ns = exchange.loop.clock.now().time_since_epoch().count();
  const LimitStores& stores = exchange.rules.stores;
  limits::Decision decision;
  if (stores.redis) {
    decision = co_await stores.redis->charge(exchange.loop.events, charges, &at_ns);
  } else {
    decision = stores.local->charge(charges, at_ns);
  }
  if (decision.store_failed)
    security_event(exchange, "sys_limit_store", "whether a code was used before is not known, and it was refused",
                   ops::Severity::error);
  co_return decision.admitted;
}

void finish_attempt(Exchange& exchange, const Attempt& attempt) {
  if (attempt.state != Attempt::State::succeeded) return;
  const auto& [source, account] = attempt.charges;
  const LimitStores& stores = exchange.rules.stores;
  stores.redis ? stores.redis->forget(exchange.loop.events, account) : stores.local->forget(account);
  if (!attempt.source_pays) stores.give_back({&source, 1}, attempt.at_ns, exchange.loop);
}

void give_attempt_back(Exchange& exchange, Attempt& attempt) {
  if (std::exchange(attempt.state, Attempt::State::none) != Attempt::State::counted) return;
  exchange.rules.stores.give_back(attempt.charges, attempt.at_ns, exchange.loop);
}

}  // namespace sallyport::gate
