// Accounts in the database, passwords on the hashing pool.
#include "identity/account_store.hpp"

#include <string>
#include <utility>

#include <sallyport/problem.hpp>

#include "crypto/password_policy.hpp"

namespace sallyport::identity {

using crypto::PasswordCheck;
using detail::operator""_own;

struct AccountStore::Account {
  Id<User> id;
  std::string name;
  std::string email;
  std::string role;
  std::string password;
  bool disabled;
};

struct AccountStore::Verdict {
  PasswordCheck check;
  std::optional<std::string> renewed;  // a stronger hash of the same password
};

AccountStore::AccountStore(Db& database, detail::JobQueue& hashing, const crypto::PasswordHasher& hasher,
                           const base::Clock& clock)
    : database_(database), hashing_(hashing), hasher_(hasher), clock_(clock) {}

// On the hashing pool. A disabled account is never renewed: the second hash would tell by its time that the
// password was right.
AccountStore::Verdict AccountStore::judge(const Password& password, const Account* account) const {
  if (!account) return {hasher_.verify_unknown(password), std::nullopt};
  const PasswordCheck check = hasher_.verify(password, account->password);
  const bool old = check == PasswordCheck::match_as_typed;
  if (!old && check != PasswordCheck::match) return {check, std::nullopt};
  if (account->disabled || (!old && !hasher_.needs_rehash(account->password)))
    return {PasswordCheck::match, std::nullopt};
  return {PasswordCheck::match, hasher_.hash(password)};
}

Task<std::optional<User>> AccountStore::verify(const Email& email, const Password& password) {
  const std::string key = email.key();
  Maybe<Account> account = co_await database_.maybe<Account>(
      "SELECT id, name, email_shown AS email, role, password, disabled_at IS NOT NULL AS disabled "
      "FROM sallyport_users WHERE email = ?"_own,
      key);
  const Account* const found = account ? &*account : nullptr;
  const Verdict verdict = co_await detail::Offload(hashing_, [&](std::size_t) { return judge(password, found); });

  if (verdict.check == PasswordCheck::out_of_memory) throw Overloaded();
  if (verdict.check == PasswordCheck::damaged_hash) damaged_hashes_.fetch_add(1, std::memory_order_relaxed);
  if (verdict.check != PasswordCheck::match || !account || account->disabled) co_return std::nullopt;

  if (verdict.renewed) {
    try {  // not over a password that was changed meanwhile
      co_await database_.run("UPDATE sallyport_users SET password = ? WHERE id = ? AND password = ?"_own,
                             *verdict.renewed, account->id, account->password);
    } catch (const Overloaded&) {  // the next sign-in will do it
    } catch (const DatabaseError&) {
    }
  }
  co_return User{account->id, std::move(account->name), std::move(account->email), std::move(account->role)};
}

Task<std::string> AccountStore::hash_of(const NewPassword& password, std::string_view email, std::string_view name) {
  if (crypto::own_data_flaw(password, email, name) != PasswordFlaw::none) {
    throw Problem(400, "Choose another password", "It is little more than the e-mail address or the name.");
  }
  std::optional<std::string> hash =
      co_await detail::Offload(hashing_, [&](std::size_t) { return hasher_.hash(password); });
  if (!hash) throw Overloaded();
  co_return std::move(*hash);
}

Task<void> AccountStore::set_password(const User& user, const NewPassword& password) {
  const std::string hash = co_await hash_of(password, user.email, user.name);
  co_await database_.transaction([&](Transaction& tx) {
    tx.run("UPDATE sallyport_users SET password = ? WHERE id = ?"_own, hash, user.id);
    tx.run("DELETE FROM sallyport_sessions WHERE account = ?"_own, user.id);
  });
}

Task<std::optional<User>> AccountStore::create(std::string_view name, const Email& email, const NewPassword& password) {
  // Hashed first, whether or not the e-mail has an account: the time must not tell.
  const std::string hash = co_await hash_of(password, email.view(), name);

  User user{Id<User>::random(), std::string(name), std::string(email.view()), {}};
  const std::string key = email.key();
  const base::Clock::WallTime now = clock_.wall();
  const bool made = co_await database_.transaction([&](Transaction& tx) {
    const std::int64_t inserted = tx.run(
        "INSERT INTO sallyport_users (id, email, email_shown, name, password, created_at) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (email) DO NOTHING"_own,
        user.id, key, user.email, user.name, hash, now);
    // Something is written in any case, since what is not written takes no time.
    if (inserted == 0) tx.run("UPDATE sallyport_users SET name = name WHERE email = ?"_own, key);
    return inserted != 0;
  });
  if (!made) co_return std::nullopt;
  co_return user;
}

}  // namespace sallyport::identity
