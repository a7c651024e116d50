// Which passwords may be chosen: long enough, and not easy to guess.
#pragma once

#include <string_view>

#include <sallyport/secret.hpp>

namespace sallyport::crypto {

/// What is wrong with `typed` as a new password, as far as the password alone tells; `PasswordFlaw::none` if nothing.
/// Its time depends on the password: it is for the person who is choosing one, not for checking a guess.
PasswordFlaw password_flaw(std::string_view typed) noexcept;

/// `PasswordFlaw::own_data` when little is left of the password once the account's own e-mail address and name are
/// taken out of it; else `PasswordFlaw::none`.
PasswordFlaw own_data_flaw(const NewPassword& password, std::string_view email, std::string_view name) noexcept;

}  // namespace sallyport::crypto
