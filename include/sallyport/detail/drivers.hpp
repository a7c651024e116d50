// Drivers: parts of the library that use a third-party library. A program is linked with those that its code uses:
// what needs one (a parameter, a policy, a migration) names it here, and the linker brings it in.
#pragma once

#include <sallyport/detail/compiler.hpp>

namespace sallyport::detail {

/// How a database is opened (src/data/driver.hpp).
struct DatabaseDriver;
/// How accounts are kept and passwords hashed (src/identity/accounts_driver.hpp).
struct AccountsDriver;

extern const DatabaseDriver sqlite_driver;    // with libsqlite3
extern const AccountsDriver accounts_driver;  // with libargon2

}  // namespace sallyport::detail
