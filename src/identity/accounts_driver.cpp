// Accounts with Argon2id.
#include "identity/accounts_driver.hpp"

namespace sallyport::detail {

const AccountsDriver accounts_driver{
    .argon2id = crypto::argon2id,
    .make_hasher =
        [](const crypto::Argon2Parameters& parameters) { return std::make_unique<crypto::PasswordHasher>(parameters); },
    .make_store =
        [](Db& database, JobQueue& hashing, const crypto::PasswordHasher& hasher, const base::Clock& clock) {
          return std::make_unique<identity::AccountStore>(database, hashing, hasher, clock);
        },
};

}  // namespace sallyport::detail
