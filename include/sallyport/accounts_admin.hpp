// Administration of accounts, for handlers on routes that ask for a role.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/id.hpp>
#include <sallyport/task.hpp>
#include <sallyport/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sallyport {

class Db;
namespace detail {
struct Admit;
}

/// All accounts of this service. A handler takes `AccountsAdmin&`, or `const AccountsAdmin&` where it only reads (GET), on a route
/// with `sp::role("…")` only: elsewhere everybody would be one forgotten `if` away from being an administrator (ADMIN-001).
///
///     sp::Task<sp::NoContent> promote(sp::Path<"id", sp::Id<sp::User>> id, sp::AccountsAdmin& accounts) {
///       if (!co_await accounts.set_role(*id, "editor")) throw sp::Problem(404, "No such account");
///       co_return {};
///     }
///
///     app.post("/users/:id/promote", sp::role("admin"), sp::gives("editor"), promote);
///
/// It works in requests whose handler takes it: kept, and used in another, it ends that request (500). Each change writes a line to the log, with who did it and to whom. What throws, throws as `Db` does. The first administrator is made
/// by `sallyport users role EMAIL admin --database FILE`.
class AccountsAdmin {
 public:
  /// The account; nothing when there is none.
  [[nodiscard]] Task<Maybe<User>> find(Id<User> id) const;
  [[nodiscard]] Task<Maybe<User>> find(Email email) const;
  /// Accounts in the order of their e-mail: `count` of them, 1000 at most, from number `from` on.
  [[nodiscard]] Task<std::vector<User>> list(std::size_t count = 100, std::size_t from = 0) const;

  /// Gives the account a role, instead of the one that it has; empty: an ordinary user. It counts from the user's next request on. False
  /// when there is no such account. Both roles are the caller's own, or among those that the route names with `sp::gives("editor", …)`; else
  /// it throws a `Problem` (403): nobody gives or takes a role above their own. 400 for what no route can ask for (`sp::role`).
  [[nodiscard]] Task<bool> set_role(Id<User> id, std::string role);
  /// Forgets the attempts at signing in to the account that have failed, and at its codes, so that its owner may try again at once, from any
  /// browser. For 15 minutes (the time of the route's `attempts`) each address has then its own attempts at it, and all together ten times as
  /// many: who goes on guessing elsewhere does not shut it again first. What an address has used up at other accounts stays so. False when
  /// there is no such account; 403 as below.
  [[nodiscard]] Task<bool> unlock(Id<User> id);
  /// Signs the user out everywhere; answers how many sessions there were. 403, as below, for an account whose role is above the caller's.
  Task<std::int64_t> end_sessions(Id<User> id);
  /// Deletes the account and its sessions. What refers to it in the application's tables goes with it (`REFERENCES sallyport_users (id) ON
  /// DELETE CASCADE`) or forgets it (`ON DELETE SET NULL`); where neither is said, nothing is deleted and DatabaseError (foreign_key) is
  /// thrown. False when there is no such account; a `Problem` (403) where its role is neither the caller's own nor named by `sp::gives`.
  [[nodiscard]] Task<bool> remove(Id<User> id);

 private:
  friend struct detail::Admit;
  explicit AccountsAdmin(Db& own_tables) noexcept : tables_(own_tables) {}
  Db& tables_;
};

}  // namespace sallyport
