// Keeps an application's SQL away from the framework's own tables: accounts, sessions, the history of migrations.
#pragma once

#include <string>

namespace sallyport::data {

class Connection;

/// For SQLite's authorizer: whether an action of an application leaves the framework's tables alone. `within` is the trigger or view
/// that causes it, null for the statement itself.
[[nodiscard]] bool spares_own_tables(int action, const char* a, const char* b, const char* within) noexcept;

/// What the schema says of the framework's tables and what hangs on them. A step of an application that changes it is taken back.
[[nodiscard]] std::string own_schema(const Connection& connection);

/// Why the schema is refused: a trigger on the framework's tables, or a view, trigger or table of the application that names them in
/// another way than `REFERENCES sallyport_users` and `sallyport_people`. Empty when nothing is wrong. SQLite checks a view and a trigger
/// only when they are used; this finds them at start.
[[nodiscard]] std::string names_own_tables(const Connection& connection);

}  // namespace sallyport::data
