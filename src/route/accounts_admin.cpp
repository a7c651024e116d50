// What an administrator's handler does to accounts, and what is logged of it.
#include <sallyport/accounts_admin.hpp>

#include <sallyport/db.hpp>
#include <sallyport/detail/handler_facts.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/policy.hpp>
#include <sallyport/problem.hpp>

#include "gate/security_event.hpp"
#include "identity/principal.hpp"
#include "identity/user_admin.hpp"
#include "route/call.hpp"
#include "route/route_table.hpp"
#include "route/this_request.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport {
namespace {

constexpr std::size_t longest_page = 1000;

void check(const gate::Exchange& exchange, bool changes) {
  if (!route::call_of(exchange).route->handler.facts.administers || (changes && exchange.safe_method()))
    detail::misused("AccountsAdmin belongs to handlers that take it as a parameter, on routes with sp::role");
}

// The role that the caller holds, those that the route names, and none.
bool may_give(const gate::Exchange& exchange, std::string_view role) {
  const auto& principal = detail::principal_of(exchange);
  if (role.empty() || (principal && principal->role == role)) return true;
  const std::vector<std::string_view>& named = route::call_of(exchange).route->options.gives;
  return std::find(named.begin(), named.end(), role) != named.end();
}

// The account that is to be changed; 403 where its role is above the caller's.
Task<Maybe<User>> account_in_reach(const gate::Exchange& exchange, Db& tables, Id<User> id) {
  Maybe<User> user = co_await tables.maybe<User>(identity::user_by_id, id);
  if (user && !may_give(exchange, user->role))
    throw Problem(403, "Not an account that you may change",
                  "Nobody changes an account whose role is above their own. A route names the roles below: sp::gives.");
  co_return user;
}

}  // namespace

Task<Maybe<User>> AccountsAdmin::find(Id<User> id) const {
  check(co_await route::ThisRequest(), false);
  co_return co_await tables_.maybe<User>(identity::user_by_id, id);
}

Task<Maybe<User>> AccountsAdmin::find(Email email) const {
  check(co_await route::ThisRequest(), false);
  const std::string key = email.key();
  co_return co_await tables_.maybe<User>(identity::user_by_key, key);
}

Task<std::vector<User>> AccountsAdmin::list(std::size_t count, std::size_t from) const {
  check(co_await route::ThisRequest(), false);
  const auto rows = static_cast<std::int64_t>(std::min(count, longest_page));
  const auto first = static_cast<std::int64_t>(std::min(from, std::size_t{1} << 62U));
  co_return co_await tables_.all<User>(identity::users_in_order, rows, first);
}

Task<bool> AccountsAdmin::set_role(Id<User> id, std::string role) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  check(exchange, true);
  if (!role.empty() && !detail::is_role_name(role))
    throw Problem(400, "No such role", "The name of a role has 64 bytes at most, and no control characters.");
  const Maybe<User> user = co_await account_in_reach(exchange, tables_, id);
  if (!user) co_return false;
  if (user->role == role) co_return true;
  if (!may_give(exchange, role))
    throw Problem(403, "Not a role that you give", "Nobody gives or takes a role above their own.");
  const std::int64_t changed = co_await tables_.run(identity::change_role, role, id, user->role);
  if (changed != 0)
    gate::user_event(exchange, "privilege_permissions_changed", role.empty() ? "an ordinary user now" : role, id);
  co_return changed != 0;
}

Task<bool> AccountsAdmin::unlock(Id<User> id) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  check(exchange, true);
  if (!co_await account_in_reach(exchange, tables_, id)) co_return false;
  const std::int64_t now =
      std::chrono::floor<std::chrono::milliseconds>(exchange.loop.clock.wall()).time_since_epoch().count();
  const std::int64_t changed = co_await tables_.run(identity::unlock, now, id);
  if (changed != 0) gate::user_event(exchange, "authn_login_unlock", "by an administrator", id);
  co_return changed != 0;
}

Task<std::int64_t> AccountsAdmin::end_sessions(Id<User> id) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  check(exchange, true);
  if (!co_await account_in_reach(exchange, tables_, id)) co_return 0;
  const std::int64_t ended = co_await tables_.run(identity::end_sessions, id);
  if (ended != 0) gate::user_event(exchange, "authn_token_revoked", "by an administrator", id);
  co_return ended;
}

Task<bool> AccountsAdmin::remove(Id<User> id) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  check(exchange, true);
  if (!co_await account_in_reach(exchange, tables_, id)) co_return false;
  const std::int64_t removed = co_await tables_.run(identity::remove_user, id);
  if (removed != 0) gate::user_event(exchange, "user_deleted", "by an administrator", id);
  co_return removed != 0;
}

}  // namespace sallyport
