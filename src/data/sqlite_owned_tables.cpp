// Which tables of a database hold rows that are somebody's, and the check of each statement against them before it runs.
#include "data/sqlite_owned_tables.hpp"

#include <sqlite3.h>

#include <algorithm>

#include <sallyport/detail/own_tables.hpp>

namespace sallyport::data {
namespace {

using detail::equal_ignoring_case;

std::string_view text_at(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)))
              : std::string_view();
}

template <class Each>
void each_row(const Connection& connection, std::string_view sql, Each each) {
  std::string_view rest;
  const StatementPtr statement = connection.prepare(sql, rest);
  int code = sqlite3_step(statement.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) each(statement.get());
  if (code != SQLITE_DONE) connection.fail(code, sql);
}

// The names that people give to a column with an owner. A table without a reference to accounts has owners as well.
bool is_owner_name(std::string_view column) {
  return equal_ignoring_case(column, "owner") || equal_ignoring_case(column, "owner_id") ||
         equal_ignoring_case(column, "user_id");
}

std::string refusal(std::string_view advice, std::string_view table) {
  std::string text(advice);
  if (!table.empty()) text.append(" (table ").append(table).append(")");
  return text;
}

}  // namespace

OwnedTables::Table* OwnedTables::find(std::string_view name) {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const Table& table) { return equal_ignoring_case(table.name, name); });
  return found == all_.end() ? nullptr : &*found;
}

void OwnedTables::refresh(const Connection& connection) {
  std::int64_t version = 0;
  each_row(connection, "PRAGMA schema_version", [&](sqlite3_stmt* row) { version = sqlite3_column_int64(row, 0); });
  if (version == version_) return;
  all_.clear();
  kept_.clear();
  views_.clear();
  owned_.clear();
  read_columns(connection);
  read_references(connection);
  read_search_tables(connection);
  read_declared();
  find_owners();
  version_ = version;
}

void OwnedTables::read_columns(const Connection& connection) {
  each_row(connection, "SELECT name FROM sqlite_schema WHERE type = 'view'",
           [&](sqlite3_stmt* row) { views_.emplace_back(text_at(row, 0)); });
  constexpr std::string_view columns =
      "SELECT t.name, c.name, c.pk FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c WHERE t.type = 'table' "
      "ORDER BY t.name";
  each_row(connection, columns, [&](sqlite3_stmt* row) {
    const std::string_view name = text_at(row, 0);
    if (detail::is_own_table(name) || name.starts_with("sqlite_")) return;
    if (all_.empty() || all_.back().name != name) {
      all_.emplace_back();
      all_.back().name = name;
    }
    Table& table = all_.back();
    const std::string_view column = text_at(row, 1);
    table.columns.emplace_back(column);
    const int key = sqlite3_column_int(row, 2);
    if (key == 1) table.id = column;
    if (key > 1) table.id.clear();
    if (is_owner_name(column)) table.owners.push_back({keep(column)});
  });
}

void OwnedTables::read_references(const Connection& connection) {
  constexpr std::string_view references =
      "SELECT t.name, r.\"from\", r.\"table\" FROM sqlite_schema AS t JOIN pragma_foreign_key_list(t.name) AS r "
      "WHERE t.type = 'table'";
  each_row(connection, references, [&](sqlite3_stmt* row) {
    Table* const table = find(text_at(row, 0));
    if (!table) return;
    const std::string_view column = text_at(row, 1);
    if (!equal_ignoring_case(text_at(row, 2), detail::users_table)) {
      table->references.emplace_back(column, text_at(row, 2));
    } else if (!is_owner_name(column)) {
      table->owners.push_back({keep(column)});
    }
  });
}

// An FTS5 table that indexes another (content=notes) shows its texts.
void OwnedTables::read_search_tables(const Connection& connection) {
  each_row(connection, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'create virtual table%'",
           [&](sqlite3_stmt* row) {
             Table* const table = find(text_at(row, 0));
             std::string sql(text_at(row, 1));
             std::transform(sql.begin(), sql.end(), sql.begin(), detail::to_lower);
             std::erase_if(sql, [](char c) { return c == ' ' || c == '\'' || c == '"' || c == '\n' || c == '\t'; });
             const std::size_t content = sql.find(",content=");
             if (!table || content == sql.npos) return;
             const std::size_t begin = content + 9;
             table->references.emplace_back("rowid", sql.substr(begin, sql.find_first_of(",)", begin) - begin));
           });
}

bool OwnedTables::has_column(const Table& table, std::string_view name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const std::string& column) { return equal_ignoring_case(column, name); });
}

// A program may declare a table that this database has otherwise: what its columns say holds then.
void OwnedTables::read_declared() {
  for (const detail::DeclaredTable* each = detail::declared_tables(); each; each = each->next) {
    Table* const table = find(each->table.name);
    if (!table) continue;
    if (!has_column(*table, each->table.id)) continue;
    table->id = each->table.id;
    table->is_public = table->is_public || each->is_public;
    // One column is the owner; others that refer to accounts say something else.
    const auto owner = std::find_if(each->table.owners.begin(), each->table.owners.end(),
                                    [](const detail::OwnerColumn& column) { return column.parent.empty(); });
    if (owner != each->table.owners.end() && has_column(*table, owner->name)) table->owners.assign(1, *owner);
    for (const detail::OwnerColumn& column : each->table.owners) {
      if (!column.parent.empty() && has_column(*table, column.name))
        table->references.emplace_back(column.name, column.parent);
    }
  }
}

void OwnedTables::find_owners() {
  for (Table& table : all_) {
    if (table.is_public) table.owners.clear();
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (Table& table : all_) {
      if (table.is_public) continue;
      for (const auto& [column, name] : table.references) {
        const Table* const parent = find(name);
        if (!parent || parent == &table || parent->owners.empty()) continue;
        const auto known = std::find_if(
            table.owners.begin(), table.owners.end(),
            [&, &from = column](const detail::OwnerColumn& each) { return equal_ignoring_case(each.name, from); });
        if (known != table.owners.end()) continue;
        table.owners.push_back({keep(column), keep(parent->name)});
        changed = true;
      }
    }
  }
  for (const Table& table : all_) {
    if (!table.owners.empty()) owned_.push_back({table.name, table.id, table.owners});
  }
}

std::string OwnedTables::refuse(const detail::SqlStatement& statement) {
  seen_.clear();
  std::vector<detail::SqlToken> room(statement.text.size() + 1);
  const detail::SqlTokens tokens = detail::read_tokens(statement.text, room.data());
  detail::OwnerReader reader(tokens, statement.facts->arguments, owned_);
  try {
    reader.check(false);
  } catch (const char* advice) {
    return refusal(advice, reader.table());
  }
  seen_.assign(reader.seen().begin(), reader.seen().end());
  return {};
}

std::string OwnedTables::refuse_hidden(const std::vector<TouchedTable>& touched, bool reads) const {
  for (const TouchedTable& each : touched) {
    // A change touches other tables as well, to check references, and triggers do what they say.
    const bool through_view = std::find(views_.begin(), views_.end(), each.within) != views_.end();
    if (!(through_view || (reads && each.within.empty()))) continue;
    const auto table = std::find_if(owned_.begin(), owned_.end(), [&](const detail::OwnedTable& owned) {
      return equal_ignoring_case(owned.name, each.table);
    });
    if (table == owned_.end()) continue;
    const bool seen = std::find(seen_.begin(), seen_.end(), &*table) != seen_.end();
    if (through_view || !seen) {
      return refusal(
          "OWN-002: a view hides whose rows these are: write the tables and WHERE owner = ?, or "
          "sp::every_owner<\"why\">",
          each.table);
    }
  }
  return {};
}

}  // namespace sallyport::data
