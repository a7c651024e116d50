// The names of the framework's own tables, and what of them an application's SQL may read.
#pragma once

#include <sallyport/detail/ascii.hpp>
#include <sallyport/fixed_string.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// What every table, index and view of the framework's own begins with, in any case.
inline constexpr std::string_view own_tables_prefix = "sallyport_";

/// The view that an application may read, to join: `id` and `name` of each account.
inline constexpr std::string_view people_view = "sallyport_people";

/// The table that an application's tables may refer to: `REFERENCES sallyport_users (id)`.
inline constexpr std::string_view users_table = "sallyport_users";

/// Under which name the database keeps the history of the framework's tables, apart from the application's.
inline constexpr std::string_view own_component = "sallyport";

/// What an application does instead of what is refused; for messages.
inline constexpr std::string_view own_tables_advice =
    "the tables sallyport_… are the framework's: refer to sallyport_users (id), read sallyport_people, and change "
    "accounts "
    "by AccountsAdmin& or `sallyport users`";

/// Whether a name, without its quotes, is kept for the framework.
[[nodiscard]] constexpr bool is_own_table(std::string_view name) noexcept {
  return equal_ignoring_case(name.substr(0, own_tables_prefix.size()), own_tables_prefix);
}

/// Whether a name is one of SQLite's own tables: the schema, its statistics, and pragmas in the form of tables.
[[nodiscard]] constexpr bool is_table_of_sqlite(std::string_view name) noexcept {
  for (const std::string_view prefix : {"sqlite_", "pragma_"}) {
    if (equal_ignoring_case(name.substr(0, prefix.size()), prefix)) return true;
  }
  return equal_ignoring_case(name, "dbstat") || equal_ignoring_case(name, "bytecode") ||
         equal_ignoring_case(name, "tables_used");
}

/// Whether an application's query may read from this table or view.
[[nodiscard]] constexpr bool may_read_table(std::string_view name) noexcept {
  return !is_own_table(name) || equal_ignoring_case(name, people_view);
}

/// A statement of the framework's own, which may name its tables. What really admits it is the connection (src/data/sqlite.hpp): on one of an
/// application it is refused.
struct OwnSql {
  const char* text;
  std::size_t size_with_nul;
};
/// An object of static storage, not a temporary: g++ would put that into a coroutine's frame, which is no constant.
template <FixedString Text>
inline constexpr OwnSql own_sql{Text.text, decltype(Text)::size + 1};
template <FixedString Text>
consteval const OwnSql& operator""_own() {
  return own_sql<Text>;
}

}  // namespace sallyport::detail
