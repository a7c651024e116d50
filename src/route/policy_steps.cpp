// Who may call a route: the policies of its routers first, then its own.
#include "gate/refusal.hpp"
#include "gate/security_event.hpp"
#include "route/call.hpp"
#include "route/route_steps.hpp"
#include "route/route_table.hpp"
#include "route/service.hpp"
#include "route/webhooks.hpp"

#include <sallyport/when.hpp>

#include <algorithm>

namespace sallyport::route {

using detail::PolicyFacts;
using detail::Verdict;
using gate::Exchange;
using gate::Outcome;

namespace {

// A page goes to the sign-in page, where there is one; everything else gets 401.
void refuse_signed_out(Exchange& exchange) {
  const std::string_view page = call_of(exchange).service.definition.sign_in_page;
  if (page.empty() || !exchange.wants_page() || exchange.head.method != http::Method::get) {
    gate::refuse(exchange, gate::problems::unauthorized);
    return;
  }
  exchange.answer.reset();
  exchange.answer.status = 303;
  exchange.answer.location = page;
}

// Of what needs no code of the application.
Verdict judge_known(const Exchange& exchange, const PolicyFacts& policy) {
  if (policy.is_anyone()) return Verdict::yes;
  const detail::Principal* const caller = call_of(exchange).principal.get();
  if (!caller) return Verdict::sign_in;
  if (policy.kind != PolicyFacts::Kind::role) return Verdict::yes;
  return std::find(policy.roles.begin(), policy.roles.end(), caller->role) != policy.roles.end() ? Verdict::yes
                                                                                                 : Verdict::no;
}

bool is_known(const PolicyFacts& policy) noexcept { return policy.parts.empty() && !policy.check; }

Task<Verdict> judge(Exchange& exchange, const PolicyFacts& policy);

Task<Verdict> judge_any(Exchange& exchange, const PolicyFacts& policy) {
  Verdict none = Verdict::no;
  for (const PolicyFacts& part : policy.parts) {
    const Verdict verdict = co_await judge(exchange, part);
    if (verdict == Verdict::answered) exchange.answer.reset();
    if (verdict == Verdict::yes) co_return verdict;
    if (verdict == Verdict::sign_in) none = verdict;
  }
  co_return none;
}

Task<Verdict> judge_all(Exchange& exchange, const PolicyFacts& policy) {
  for (const PolicyFacts& part : policy.parts) {
    const Verdict verdict = co_await judge(exchange, part);
    if (verdict != Verdict::yes) co_return verdict;
  }
  co_return Verdict::yes;
}

Task<Verdict> judge(Exchange& exchange, const PolicyFacts& policy) {
  if (is_known(policy)) co_return judge_known(exchange, policy);
  Verdict verdict = Verdict::no;
  if (policy.check) {
    verdict = co_await policy.check->judge(exchange);
    exchange.check_misuse();
  } else if (policy.kind == PolicyFacts::Kind::any_of) {
    verdict = co_await judge_any(exchange, policy);
  } else {
    verdict = co_await judge_all(exchange, policy);
  }
  co_return verdict;
}

// Whether the request goes on.
bool admitted(Exchange& exchange, const PolicyFacts& policy, Verdict verdict) {
  switch (verdict) {
    case Verdict::yes:
      return true;
    case Verdict::answered:
      return false;
    case Verdict::sign_in:
      refuse_signed_out(exchange);
      return false;
    case Verdict::no:
      break;
  }
  gate::security_event(exchange, "authz_fail",
                       policy.kind == PolicyFacts::Kind::role ? "role missing" : "the policy said no");
  gate::refuse(exchange, policy.hidden ? gate::problems::not_found : gate::problems::forbidden);
  return false;
}

// With code of the application, which only reads here, whatever the method.
Task<void> ask_policies(Exchange& exchange) {
  const Route& route = *call_of(exchange).route;
  for (const PolicyFacts& each : route.options.policies) {
    const Verdict verdict = co_await judge(exchange, each);
    if (!admitted(exchange, each, verdict)) {
      exchange.position.outcome = Outcome::answered;
      co_return;
    }
  }
  if (route.policy.kind == PolicyFacts::Kind::signed_by) {
    exchange.position.outcome = check_signed_head(exchange);
    co_return;
  }
  const Verdict verdict = co_await judge(exchange, route.policy);
  if (!admitted(exchange, route.policy, verdict)) exchange.position.outcome = Outcome::answered;
}

}  // namespace

Outcome check_policy(Exchange& exchange) {
  const Route& route = *call_of(exchange).route;
  if (route.open_to_all) return Outcome::next;
  if (route.runs_policy) {
    exchange.enter_policy();
    exchange.start(ask_policies(exchange));
    return Outcome::waits;
  }
  const auto& outer = route.options.policies;
  if (!is_known(route.policy) || !std::all_of(outer.begin(), outer.end(), is_known)) {
    exchange.start(ask_policies(exchange));
    return Outcome::waits;
  }
  const auto admits = [&](const PolicyFacts& each) { return admitted(exchange, each, judge_known(exchange, each)); };
  if (!std::all_of(outer.begin(), outer.end(), admits)) return Outcome::answered;
  if (route.policy.kind == PolicyFacts::Kind::signed_by) return check_signed_head(exchange);
  return admits(route.policy) ? Outcome::next : Outcome::answered;
}

}  // namespace sallyport::route
