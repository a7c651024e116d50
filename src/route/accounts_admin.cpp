// What an administrator's handler does to accounts, and what is logged of it.
#include <sallyport/accounts_admin.hpp>

#include <sallyport/db.hpp>
#include <sallyport/detail/misuse.hpp>
#include <sallyport/problem.hpp>

#include "gate/security_event.hpp"
#include "identity/user_admin.hpp"
#include "route/call.hpp"
#include "route/route_table.hpp"
#include "route/this_request.hpp"

#include <algorithm>
#include <utility>

namespace sallyport {
namespace {

constexpr std::size_t longest_page = 1000;

void check(const gate::Exchange& exchange, bool changes) {
  if (!route::call_of(exchange).route->handler.facts.administers || (changes && exchange.safe_method()))
    detail::misused("AccountsAdmin belongs to handlers that take it as a parameter, on routes with sp::role");
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
  const bool printable = std::all_of(role.begin(), role.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x7f;
  });
  if (!printable || role.size() > identity::longest_role)
    throw Problem(400, "No such role", "The name of a role has 64 bytes at most, and no control characters.");
  const std::int64_t changed = co_await tables_.run(identity::set_role, role, id);
  if (changed != 0)
    gate::user_event(exchange, "privilege_permissions_changed", role.empty() ? "an ordinary user now" : role, id);
  co_return changed != 0;
}

Task<std::int64_t> AccountsAdmin::end_sessions(Id<User> id) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  check(exchange, true);
  const std::int64_t ended = co_await tables_.run(identity::end_sessions, id);
  if (ended != 0) gate::user_event(exchange, "authn_token_revoked", "by an administrator", id);
  co_return ended;
}

Task<bool> AccountsAdmin::remove(Id<User> id) {
  gate::Exchange& exchange = co_await route::ThisRequest();
  check(exchange, true);
  const std::int64_t removed = co_await tables_.run(identity::remove_user, id);
  if (removed != 0) gate::user_event(exchange, "user_deleted", "by an administrator", id);
  co_return removed != 0;
}

}  // namespace sallyport
