// Principal: the account that a session belongs to.
#pragma once

#include <sallyport/accounts.hpp>

#include <string>

namespace sallyport::detail {

/// The account that a valid session belongs to.
struct Principal {
  Id<User> id;
  std::string name;
  std::string email;
  std::string role;
};

}  // namespace sallyport::detail
