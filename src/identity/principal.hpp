// Principal: the account that a session belongs to.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/text.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace sallyport::detail {

/// The account that a valid session belongs to.
struct Principal {
  Id<User> id;
  std::string name;
  std::string email;
  std::string role;
};

}  // namespace sallyport::detail

namespace sallyport::identity {

/// What attempts and codes of an account are counted and made for: `Email::key` of its e-mail as it is stored.
[[nodiscard]] inline std::string account_key(std::string_view stored_email) {
  const auto email = Email::from_storage(stored_email);
  if (!email) throw std::logic_error("an account has an e-mail address");
  return email->key();
}

}  // namespace sallyport::identity
