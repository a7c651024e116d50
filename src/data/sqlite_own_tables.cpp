// Keeps an application's SQL away from the framework's own tables.
#include "data/sqlite_own_tables.hpp"

#include <sqlite3.h>

#include <cstddef>
#include <string_view>

#include <sallyport/detail/own_tables.hpp>

#include "data/sqlite.hpp"

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
      const bool through_view = within && detail::equal_ignoring_case(within, detail::people_view);
      return through_view && (column == "name" || column == "email_shown" || column == "role");
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

// The words and quoted names of a statement that SQLite has accepted, without comments. A text in single quotes is one of them: SQLite takes
// it for a name where only a name can stand.
class Names {
 public:
  explicit Names(std::string_view sql) noexcept : rest_(sql) {}

  /// The next name without its quotes; empty at the end.
  std::string_view next() noexcept {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (rest_.starts_with("--")) {
        skip_past(rest_.find('\n'), 1);
      } else if (rest_.starts_with("/*")) {
        skip_past(rest_.find("*/", 2), 2);
      } else if (c == '"' || c == '`' || c == '\'' || c == '[') {
        return quoted(c == '[' ? ']' : c);
      } else if (is_letter(c)) {
        std::size_t size = 1;
        while (size < rest_.size() && (is_letter(rest_[size]) || (rest_[size] >= '0' && rest_[size] <= '9'))) ++size;
        return take(size);
      } else {
        rest_.remove_prefix(1);
      }
    }
    return {};
  }

 private:
  // All bytes above ASCII are letters to SQLite.
  static bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
           static_cast<unsigned char>(c) >= 0x80;
  }
  void skip_past(std::size_t found, std::size_t size) noexcept {
    rest_.remove_prefix(found == rest_.npos ? rest_.size() : found + size);
  }
  std::string_view take(std::size_t size) noexcept {
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  // A doubled quote makes two names of one: neither begins as it should not, unless the whole does.
  std::string_view quoted(char end) noexcept {
    rest_.remove_prefix(1);
    const std::string_view name = rest_.substr(0, rest_.find(end));
    skip_past(rest_.find(end), 1);
    return name.empty() ? next() : name;
  }

  std::string_view rest_;
};

std::string_view column(sqlite3_stmt* statement, int index) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, index));
  return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, index)))
              : std::string_view();
}

// `each(statement)` for every row.
template <class Each>
void each_row(const Connection& connection, std::string_view sql, Each each) {
  std::string_view rest;
  const StatementPtr statement = connection.prepare(sql, rest);
  int code = sqlite3_step(statement.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) each(statement.get());
  if (code != SQLITE_DONE) connection.fail(code, sql);
}

template <class Each>
void each_object(const Connection& connection, Each each) {
  each_row(connection, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
           [&](sqlite3_stmt* row) { each(column(row, 0), column(row, 1), column(row, 2), column(row, 3)); });
}

// The first name of the framework's that `sql` uses as it may not; empty when there is none.
std::string_view wrong_name(std::string_view type, std::string_view sql) {
  Names names(sql);
  std::string_view before;
  for (std::string_view name = names.next(); !name.empty(); before = name, name = names.next()) {
    if (!detail::is_own_table(name)) continue;
    const bool reference = type == "table" && detail::equal_ignoring_case(name, detail::users_table) &&
                           detail::equal_ignoring_case(before, "references");
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
        if (!why.empty() || detail::is_own_table(column(row, 0))) return;
        why.append("table ").append(column(row, 0)).append(" refers to sallyport_users (").append(column(row, 1)) +=
            ')';
      });
  return why;
}

}  // namespace sallyport::data
