// What administration does to accounts: the statements that handlers (`AccountsAdmin`) and the command line share.
#pragma once

#include <sallyport/accounts.hpp>
#include <sallyport/db.hpp>
#include <sallyport/detail/own_tables.hpp>

#include <string_view>

namespace sallyport::identity {

using detail::operator""_own;

inline constexpr detail::OwnSql user_by_id =
    "SELECT id, name, email_shown AS email, role FROM sallyport_users WHERE id = ?"_own;
inline constexpr detail::OwnSql user_by_key =
    "SELECT id, name, email_shown AS email, role FROM sallyport_users WHERE email = ?"_own;
/// For other users: no role, no e-mail, nobody whose account is disabled.
inline constexpr detail::OwnSql person_by_key =
    "SELECT id, name FROM sallyport_users WHERE email = ? AND disabled_at IS NULL"_own;
inline constexpr detail::OwnSql users_in_order =
    "SELECT id, name, email_shown AS email, role FROM sallyport_users ORDER BY email LIMIT ? OFFSET ?"_own;

inline constexpr detail::OwnSql set_role = "UPDATE sallyport_users SET role = ? WHERE id = ?"_own;
/// Where nobody else has changed it meanwhile.
inline constexpr detail::OwnSql change_role = "UPDATE sallyport_users SET role = ? WHERE id = ? AND role = ?"_own;
/// At a time in milliseconds since 1970. What was counted of attempts at it before that counts no more, wherever it is kept.
inline constexpr detail::OwnSql unlock = "UPDATE sallyport_users SET unlocked_at = ? WHERE id = ?"_own;
inline constexpr detail::OwnSql unlocked_at = "SELECT unlocked_at FROM sallyport_users WHERE email = ?"_own;
inline constexpr detail::OwnSql end_sessions = "DELETE FROM sallyport_sessions WHERE account = ?"_own;
/// With it go its sessions, and whatever of the application refers to it with ON DELETE CASCADE.
inline constexpr detail::OwnSql remove_user = "DELETE FROM sallyport_users WHERE id = ?"_own;

}  // namespace sallyport::identity
