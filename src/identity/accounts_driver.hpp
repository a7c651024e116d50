// What accounts are made with. Only programs that verify or set passwords link it, and libargon2 with it.
#pragma once

#include <sallyport/detail/drivers.hpp>

#include <memory>

#include "crypto/password_hash.hpp"
#include "identity/account_store.hpp"

namespace sallyport::detail {

struct AccountsDriver {
  /// For the start, which tries whether it computes what it should.
  crypto::Argon2id* argon2id;
  std::unique_ptr<crypto::PasswordHasher> (*make_hasher)(const crypto::Argon2Parameters& parameters);
  std::unique_ptr<identity::AccountStore> (*make_store)(Db& database, JobQueue& hashing,
                                                        const crypto::PasswordHasher& hasher, const base::Clock& clock);
};

}  // namespace sallyport::detail
