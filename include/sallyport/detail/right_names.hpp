// Names that rights have: fields by which a client would give itself what it may do.
#pragma once

#include <sallyport/detail/secret_names.hpp>

#include <string_view>

namespace sallyport::detail {

/// Whole names, in small letters and without `_`: `isAdmin`, `is_admin` and `IS_ADMIN` are one.
inline constexpr std::string_view right_names[] = {
    "admin",         "administrator", "superuser",     "superadmin",     "sysadmin",    "sudo",         "root",
    "staff",         "moderator",     "moderates",     "role",           "roles",       "userrole",     "userroles",
    "rolename",      "rolenames",     "roleid",        "roleids",        "permission",  "permissions",  "privilege",
    "privileges",    "accesslevel",   "userlevel",     "accesslevels",   "authlevel",   "accessrights", "rights",
    "authorities",   "grants",        "clearance",     "usertype",       "accounttype", "verified",     "emailverified",
    "phoneverified", "mailverified",  "accountstatus", "emailconfirmed", "impersonate", "trusted",      "elevated",
    "privileged",    "plan",          "tier"};

/// Before a right's name these leave it one: `is_admin`, `user_role`, `new_permissions`.
inline constexpr std::string_view right_prefixes[] = {"is",  "has",  "as",      "make", "set",   "grant",
                                                      "new", "user", "account", "my",   "member"};

constexpr bool is_right_name(std::string_view text) noexcept {
  const SquashedName squashed = squash_name(text);
  const auto known = [](std::string_view name) {
    for (const std::string_view right : right_names) {
      if (name == right) return true;
    }
    return false;
  };
  if (known(squashed.view())) return true;
  for (const std::string_view prefix : right_prefixes) {
    if (squashed.view().starts_with(prefix) && squashed.starts_at(prefix.size()) &&
        known(squashed.view().substr(prefix.size())))
      return true;
  }
  return false;
}

}  // namespace sallyport::detail
