// Counts attempts, and corrects the counters when their outcome is known.
#include "gate/attempts.hpp"

#include "crypto/siphash.hpp"
#include "gate/refusal.hpp"
#include "gate/rules.hpp"
#include "gate/security_event.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>

namespace sallyport::gate {
namespace {

// Attempts together at an account that was just unlocked, as a multiple of those of one source.
constexpr std::uint32_t unlocked_sources = 10;

// The group and the kind go in with the text.
std::uint64_t key_of(const Exchange& exchange, std::uint64_t group, char kind, std::string_view who) {
  std::string text = std::to_string(group);
  text.push_back(kind);
  text.append(who);
  return crypto::siphash(exchange.rules.table_key, crypto::bytes_of(text));
}

void set_charges(const Exchange& exchange, Attempt& attempt, const AttemptLimit& limit, std::string_view account,
                 const std::optional<std::string>& device) {
  const auto source = exchange.client.client_prefix().bytes();  // a copy: the prefix is a temporary
  const auto key = [&](char kind, std::string_view who) { return key_of(exchange, limit.group, kind, who); };
  std::string who(device ? std::string_view(*device) : account);
  // Neither an account nor a device has a byte of zero in it.
  if (limit.unlocked_at != 0) who.append(1, '\0').append(std::to_string(limit.unlocked_at));
  const std::string together = who;
  const auto since = exchange.loop.clock.wall().time_since_epoch() - std::chrono::milliseconds(limit.unlocked_at);
  const bool just_unlocked = !device && limit.unlocked_at != 0 && since >= since.zero() && since < limit.per;
  if (just_unlocked) who.append(1, '\0').append(crypto::text_of(source));

  const std::int64_t period = limit.per.count();
  attempt.charges = {
      limits::Charge{key('s', crypto::text_of(source)), limits::Counting::fixed_window, limit.max_per_source, period},
      limits::Charge{key(device ? 'd' : 'a', who), limits::Counting::failures, limit.max, period},
      limits::Charge{key('u', together), limits::Counting::fixed_window, unlocked_sources * limit.max, period}};
  attempt.count = just_unlocked ? 3 : 2;
}

}  // namespace

Task<bool> count_attempt(Exchange& exchange, Attempt& attempt, AttemptLimit limit, std::string_view account,
                         std::optional<std::string> device) {
  set_charges(exchange, attempt, limit, account, device);
  attempt.source_pays = limit.group == AttemptLimit::sign_up;
  attempt.at_ns = exchange.loop.clock.now().time_since_epoch().count();

  const LimitStores& stores = exchange.rules.stores;
  limits::Decision decision;
  if (limits::RemoteLimits* const elsewhere = stores.of_attempts()) {
    decision = co_await elsewhere->charge(exchange.loop.events, attempt.charged(), &attempt.at_ns);
  } else {
    decision = stores.local->charge(attempt.charged(), attempt.at_ns);
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
  bool account_is_open = true;
  for (std::size_t i = 0; i < attempt.count; ++i) {
    wait = std::max(wait, decision.quotas[i].retry_after_ns);
    account_is_open = account_is_open && (i == 0 || decision.quotas[i].admitted);
  }
  if (account_is_open) {
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
  if (limits::RemoteLimits* const elsewhere = stores.of_attempts()) {
    decision = co_await elsewhere->charge(exchange.loop.events, charges, &at_ns);
  } else {
    decision = stores.local->charge(charges, at_ns);
  }
  if (decision.store_failed)
    security_event(exchange, "sys_limit_store", "whether a code was used before is not known, and it was refused",
                   ops::Severity::error);
  co_return decision.admitted;
}

namespace {

void give_back(const Exchange& exchange, std::span<const limits::Charge> charges, std::int64_t at_ns) {
  const LimitStores& stores = exchange.rules.stores;
  if (limits::RemoteLimits* const elsewhere = stores.of_attempts()) {
    elsewhere->give_back(exchange.loop.events, charges, at_ns);
  } else {
    stores.local->give_back(charges, at_ns, exchange.loop.clock.now().time_since_epoch().count());
  }
}

}  // namespace

void finish_attempt(Exchange& exchange, const Attempt& attempt) {
  if (attempt.state != Attempt::State::succeeded) return;
  const limits::Charge& account = attempt.charges[1];
  const LimitStores& stores = exchange.rules.stores;
  if (limits::RemoteLimits* const elsewhere = stores.of_attempts()) {
    elsewhere->forget(exchange.loop.events, account);
  } else {
    stores.local->forget(account);
  }
  if (!attempt.source_pays) give_back(exchange, {&attempt.charges[0], 1}, attempt.at_ns);
  give_back(exchange, attempt.charged().subspan(2), attempt.at_ns);
}

void give_attempt_back(Exchange& exchange, Attempt& attempt) {
  if (std::exchange(attempt.state, Attempt::State::none) != Attempt::State::counted) return;
  give_back(exchange, attempt.charged(), attempt.at_ns);
}

}  // namespace sallyport::gate
