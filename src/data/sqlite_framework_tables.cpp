// Keeps an application's SQL away from the framework's own tables.
#include "data/sqlite_framework_tables.hpp"

#include <sqlite3.h>

#include <string_view>
#include <utility>

#include <sallyport/detail/own_tables.hpp>

#include "data/sql_words.hpp"
#include "data/sqlite.hpp"
#include "data/sqlite_rows.hpp"

namespace sallyport::data {

// Whether what an application does leaves the framework's tables alone.
bool spares_own_tables(int action, const char* a, const char* b, const char* within) noexcept {
  const auto is_own = [](const char* name) { return name && detail::is_own_table(name); };
  switch (action) {
    case SQLITE_READ: {
      if (!is_own(a)) return true;
      const std::string_view table = a;
      const std::string_view column = b ? b : "";
      if (detail::equal_ignoring_case(table, detail::people_view)) return true;
      if (!detail::equal_ignoring_case(table, detail::users_table)) return false;
      // SQLite asks for the key when it checks a reference, and for no column at all when it counts rows.
      if (column.empty() || column == "id") return true;
      // A query that WITH names like the view is not told from it, so this is all that either may read.
      const bool through_view = within && detail::equal_ignoring_case(within, detail::people_view);
      return through_view && column == "name";
    }
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_TEMP_INDEX:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_ALTER_TABLE:  // a: the schema
      return !is_own(a) && !is_own(b);
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
    case SQLITE_ANALYZE:
    case SQLITE_REINDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_TEMP_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
      return !is_own(a);
    default:
      return true;
  }
}

namespace {

template <class Each>
void each_object(const Connection& connection, Each each) {
  each_row(connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
           [&](sqlite3_stmt* row) { each(text_at(row, 0), text_at(row, 1), text_at(row, 2), text_at(row, 3)); });
}

// The first name of the framework's that `sql` uses as it may not; empty when there is none.
std::string_view wrong_name(std::string_view type, std::string_view sql) {
  SqlWords words(sql);
  std::string_view before;
  for (SqlWord word = words.next(); word.kind != SqlWord::Kind::end; word = words.next()) {
    if (!word.is_name()) continue;
    const std::string_view name = word.text;
    const std::string_view named_before = std::exchange(before, name);
    if (!detail::is_own_table(name)) continue;
    const bool reference = type == "table" && detail::equal_ignoring_case(name, detail::users_table) &&
                           detail::equal_ignoring_case(named_before, "references");
    const bool reads_people = type != "table" && detail::equal_ignoring_case(name, detail::people_view);
    if (!reference && !reads_people) return name;
  }
  return {};
}

}  // namespace

std::string own_schema(const Connection& connection) {
  std::string schema;
  each_object(connection,
              [&](std::string_view type, std::string_view name, std::string_view table, std::string_view sql) {
                if (!detail::is_own_table(name) && !detail::is_own_table(table)) return;
                for (const std::string_view part : {type, name, table, sql}) schema.append(part).push_back('\n');
              });
  return schema;
}

std::string names_own_tables(const Connection& connection) {
  std::string why;
  each_object(connection,
              [&](std::string_view type, std::string_view name, std::string_view table, std::string_view sql) {
                if (!why.empty() || detail::is_own_table(name)) return;
                std::string_view wrong = type == "trigger" && detail::is_own_table(table) ? table : std::string_view();
                if (wrong.empty() && !detail::is_own_table(table)) wrong = wrong_name(type, sql);
                if (!wrong.empty()) why.append(type).append(" ").append(name).append(" names ").append(wrong);
              });
  // A reference to another column than the id would tell whether it holds a value.
  each_row(
      connection,
      "SELECT t.name, r.\"to\" FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS r WHERE t.type = 'table' "
      "AND "
      "lower(r.\"table\") = 'sallyport_users' AND lower(r.\"to\") <> 'id'",
      [&](sqlite3_stmt* row) {
        if (!why.empty() || detail::is_own_table(text_at(row, 0))) return;
        why.append("table ").append(text_at(row, 0)).append(" refers to sallyport_users (").append(text_at(row, 1)) +=
            ')';
      });
  return why;
}

}  // namespace sallyport::data
