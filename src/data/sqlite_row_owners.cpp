// Which tables of a database hold rows that are somebody's, and the check of each statement against them before it runs.
#include "data/sqlite_row_owners.hpp"

#include <algorithm>
#include <array>

#include <sallyport/detail/own_tables.hpp>

#include "data/sql_words.hpp"
#include "data/sqlite_rows.hpp"

namespace sallyport::data {
namespace {

using detail::equal_ignoring_case;

// The names that people give to a column with an owner. A table without a reference to accounts has owners as well.
bool is_owner_name(std::string_view column) {
  return equal_ignoring_case(column, "owner") || equal_ignoring_case(column, "owner_id") ||
         equal_ignoring_case(column, "user_id");
}

// What FTS adds to the name of a table for those of its index.
constexpr std::array<std::string_view, 10> shadow_names{"_data",     "_idx",    "_content", "_docsize", "_config",
                                                        "_segments", "_segdir", "_stat",    "_node",    "_rowid"};

std::string refusal(std::string_view advice, std::string_view table) {
  std::string text(advice);
  if (!table.empty()) text.append(" (table ").append(table).append(")");
  return text;
}

}  // namespace

const RowOwners::Table* RowOwners::find(std::string_view name) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const Table& table) { return equal_ignoring_case(table.name, name); });
  return found == all_.end() ? nullptr : &*found;
}
RowOwners::Table* RowOwners::find(std::string_view name) {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&](const Table& table) { return equal_ignoring_case(table.name, name); });
  return found == all_.end() ? nullptr : &*found;
}

void RowOwners::refresh(const Connection& connection) {
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

void RowOwners::read_columns(const Connection& connection) {
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

void RowOwners::read_references(const Connection& connection) {
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

namespace {

// The word of a virtual table's arguments; comments are none.
SqlWord next_word(SqlWords& words) {
  SqlWord word = words.next();
  while (word.kind == SqlWord::Kind::comment) word = words.next();
  return word;
}

// Whether FTS5 takes it for `content`: every beginning of that word is one.
bool is_content(std::string_view key) {
  return !key.empty() && equal_ignoring_case(key, std::string_view("content").substr(0, key.size()));
}

// The tables whose rows a virtual one shows: `fts5(title, content = notes)`, `fts5vocab(notes_search, row)`.
std::vector<std::string_view> shown_by(std::string_view sql) {
  SqlWords words(sql);
  SqlWord word = next_word(words);
  while (word.kind != SqlWord::Kind::end && !word.is("using")) word = next_word(words);
  const SqlWord module = next_word(words);
  const bool searches =
      module.is_name() && detail::equal_ignoring_case(module.text.substr(0, 3), "fts") && module.text.size() == 4;
  std::vector<std::string_view> shown;
  SqlWord key;
  for (word = next_word(words); word.kind != SqlWord::Kind::end; word = next_word(words)) {
    if (word.is_symbol(',') || word.is_symbol('(')) {
      key = {};
    } else if (!searches && word.is_name()) {
      shown.push_back(word.text);
    } else if (word.is_symbol('=') && key.is_name() && is_content(key.text)) {
      const SqlWord value = next_word(words);
      if (value.is_name() && !value.text.empty()) shown.push_back(value.text);
    } else {
      key = word;
    }
  }
  return shown;
}

}  // namespace

// A virtual table that indexes another (content=notes) shows its texts; so do the tables in which it keeps its index.
void RowOwners::read_search_tables(const Connection& connection) {
  each_row(connection, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'create virtual table%'",
           [&](sqlite3_stmt* row) {
             Table* const table = find(text_at(row, 0));
             if (!table) return;
             table->is_virtual = true;
             const std::string sql(text_at(row, 1));
             const std::vector<std::string_view> shown = shown_by(sql);
             for (Table& each : all_) {
               const bool shadow = each.name.starts_with(table->name + "_") &&
                                   std::find(shadow_names.begin(), shadow_names.end(),
                                             each.name.substr(table->name.size())) != shadow_names.end();
               each.is_shadow = each.is_shadow || shadow;
               if (!shadow && &each != table) continue;
               for (const std::string_view name : shown) each.references.emplace_back("rowid", name);
             }
           });
}

bool RowOwners::has_column(const Table& table, std::string_view name) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const std::string& column) { return equal_ignoring_case(column, name); });
}

// A program may declare a table that this database has otherwise: what its columns say holds then.
void RowOwners::read_declared() {
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
      if (column.parent.empty() || !has_column(*table, column.name)) continue;
      if (column.parent_column.empty()) {
        table->references.emplace_back(column.name, column.parent);
      } else {
        read_members(*column.parent_table);
        table->owners.assign(1, column);
        table->owners.front().parent_table = nullptr;  // found among those of this database
      }
    }
  }
}

// The table that lists whose something is: its own rows are the members', and those of everybody else who is one.
void RowOwners::read_members(const detail::OwnedTable& declared) {
  Table* const members = find(declared.name);
  if (!members) return;
  members->gate = declared.gate;
  for (const detail::OwnerColumn& column : declared.owners) {
    if (!has_column(*members, column.name)) continue;
    if (column.parent.empty()) {
      members->owners.assign(1, column);
    } else {
      members->references.emplace_back(column.name, column.parent);
    }
  }
}

void RowOwners::find_owners() {
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
    if (!table.owners.empty()) owned_.push_back({table.name, table.id, table.owners, table.gate});
  }
}

std::string RowOwners::refuse(const detail::SqlStatement& statement) {
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

std::string RowOwners::refuse_hidden(const std::vector<TouchedTable>& touched, bool reads) const {
  for (const TouchedTable& each : touched) {
    // A change touches other tables as well, to check references, and triggers do what they say.
    const bool through_view = std::find(views_.begin(), views_.end(), each.within) != views_.end();
    if (!(through_view || (reads && each.within.empty()))) continue;
    const auto table = std::find_if(owned_.begin(), owned_.end(), [&](const detail::OwnedTable& owned) {
      return equal_ignoring_case(owned.name, each.table);
    });
    if (table == owned_.end()) continue;
    // FTS5 reads the tables of its index by itself.
    if (const Table* const known = find(each.table); !through_view && known && known->is_shadow) continue;
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
