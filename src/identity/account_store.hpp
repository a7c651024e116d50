// Accounts: who may sign in with which password.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/db.hpp>
#include <sallyport/job.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/task.hpp>
#include <sallyport/text.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.hpp"
#include "crypto/password_hash.hpp"

namespace sallyport::identity {

/// The accounts of a service, in its database. Password hashes never leave it. Every call hashes exactly once
/// whatever it finds (twice when a sign-in succeeds and the hash is renewed), on `hashing`, and answers alike
/// for an e-mail without account, a wrong password, a disabled account and a hash that can't be read.
///
/// What throws, throws as `Db` does; `Overloaded` also when the hashing queue is full or memory for a hash ran out.
class AccountStore {
 public:
  AccountStore(Db& database, detail::JobQueue& hashing, const crypto::PasswordHasher& hasher, const base::Clock& clock);
  AccountStore(const AccountStore&) = delete;
  AccountStore& operator=(const AccountStore&) = delete;

  /// The user, when the password is right.
  [[nodiscard]] Task<std::optional<User>> verify(const Email& email, const Password& password);
  /// A new account. No value when the e-mail has an account already. Throws a `Problem` (400) for a password that is little more than the
  /// e-mail or the name.
  [[nodiscard]] Task<std::optional<User>> create(std::string_view name, const Email& email,
                                                 const NewPassword& password);

  /// Another password for an account, whose sessions end. Throws as `create` does.
  [[nodiscard]] Task<void> set_password(const User& user, const NewPassword& password);

  /// How many sign-ins met a stored hash that can't be read (someone edited the table, the disk is failing): the
  /// account can't sign in until the operator repairs it. The client gets the answer for a wrong password.
  [[nodiscard]] std::uint64_t damaged_hashes() const noexcept {
    return damaged_hashes_.load(std::memory_order_relaxed);
  }

 private:
  struct Account;
  struct Verdict;
  [[nodiscard]] Task<std::string> hash_of(const NewPassword& password, std::string_view email, std::string_view name);
  [[nodiscard]] Verdict judge(const Password& password, const Account* account) const;

  Db& database_;
  detail::JobQueue& hashing_;
  const crypto::PasswordHasher& hasher_;
  const base::Clock& clock_;
  std::atomic<std::uint64_t> damaged_hashes_{0};
};

}  // namespace sallyport::identity
