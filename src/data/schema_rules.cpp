// What a schema may not have, since nobody could tell any more whose rows there are.
#include "data/schema_rules.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include <sallyport/detail/ascii.hpp>
#include <sallyport/detail/own_tables.hpp>
#include <sallyport/detail/reason.hpp>

#include "data/sql_words.hpp"
#include "data/sqlite.hpp"
#include "data/sqlite_row_owners.hpp"
#include "data/sqlite_rows.hpp"

namespace sallyport::data {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), detail::to_lower);
  return out;
}

// --- Columns that are called like a person

constexpr std::string_view persons[] = {
    "account",     "applicant", "assignee",   "attendee",    "author",   "borrower",  "buyer",    "client",
    "contributor", "creator",   "customer",   "employee",    "follower", "friend",    "guest",    "holder",
    "login",       "member",    "owner",      "participant", "patient",  "payee",     "payer",    "person",
    "profile",     "receiver",  "recipient",  "renter",      "reporter", "requester", "reviewer", "seller",
    "sender",      "student",   "subscriber", "uploader",    "user",     "username",  "voter",    "writer"};
// Behind the name of a person; before "by"; before "to".
constexpr std::string_view forms[] = {"id",     "uid",   "uuid", "key",  "ref",  "no",
                                      "number", "email", "mail", "name", "login"};
constexpr std::string_view deeds[] = {"added",    "booked",    "bought",  "created",  "entered",   "filed", "made",
                                      "modified", "ordered",   "owned",   "posted",   "requested", "saved", "sent",
                                      "sold",     "submitted", "updated", "uploaded", "written"};
constexpr std::string_view gifts[] = {"addressed", "assigned", "belongs", "given", "lent", "sent", "sold"};

template <class List>
bool contains(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

// `ownerEmail`, `OWNER_EMAIL` and `owner-email` as `owner`, `email`.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words;
  bool begins = true;
  bool was_small = false;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const bool big = c >= 'A' && c <= 'Z';
    if (!letter) {
      begins = true;
      continue;
    }
    if (begins || (big && was_small)) words.emplace_back();
    words.back() += detail::to_lower(c);
    begins = false;
    was_small = !big;
  }
  return words;
}

bool is_person(std::string_view column) {
  std::vector<std::string> words = words_of(column);
  if (words.size() == 1 && (words[0] == "email" || words[0] == "mail" || words[0] == "uid")) return true;
  if (words.size() == 1 && words[0].ends_with("id") && contains(persons, words[0].substr(0, words[0].size() - 2)))
    return true;  // userid
  while (words.size() > 1 && contains(forms, words.back())) words.pop_back();
  if (words.size() > 1 && words.back() == "by") return contains(deeds, words[words.size() - 2]);
  if (words.size() > 1 && words.back() == "to") return contains(gifts, words[words.size() - 2]);
  return !words.empty() && contains(persons, words.back());
}

// --- What a comment in a migration says

class Remarks {
 public:
  explicit Remarks(std::span<const Migration> steps) {
    for (const Migration& step : steps) {
      SqlWords words(step.sql());
      for (SqlWord word = words.next(); word.kind != SqlWord::Kind::end; word = words.next()) {
        if (word.kind == SqlWord::Kind::comment) read(word.text);
      }
    }
  }
  [[nodiscard]] bool is_for_everybody(std::string_view table) const { return said_.contains(lower(table)); }
  [[nodiscard]] bool lists_no_members(std::string_view table) const {
    return said_.contains(lower(table) + " lists no members");
  }
  [[nodiscard]] bool is_no_owner(std::string_view table, std::string_view column) const {
    return said_.contains(lower(table) + "." + lower(column));
  }

 private:
  void read(std::string_view comment) {
    comment.remove_prefix(2);
    if (comment.ends_with("*/")) comment.remove_suffix(2);
    for (const std::string_view saying : {" is not an owner:", " is for everybody:", " lists no members:"}) {
      const std::size_t at = comment.find(saying);
      if (at == comment.npos) continue;
      std::string_view why = comment.substr(at + saying.size());
      while (!why.empty() && (why.back() == ' ' || why.back() == '\r')) why.remove_suffix(1);
      std::string_view what = comment.substr(0, at);
      while (!what.empty() && what.front() == ' ') what.remove_prefix(1);
      const bool column = what.find('.') != what.npos;
      if (column != saying.starts_with(" is not") || !detail::is_reason(why)) continue;
      said_.insert(lower(what) + (saying.starts_with(" lists") ? " lists no members" : ""));
    }
  }
  std::set<std::string> said_;
};

// --- Tables that are filled from others

class Filled {
 public:
  Filled(const Connection& connection, const RowOwners& owners, const Remarks& remarks)
      : owners_(owners), remarks_(remarks) {
    for (const RowOwners::Table& table : owners.tables()) {
      if (!table.owners.empty()) owned_.insert(lower(table.name));
    }
    read_views(connection);
  }

  [[nodiscard]] bool any_owner() const noexcept { return !owned_.empty(); }

  void look_at_search_tables() {
    for (const RowOwners::Table& table : owners_.tables()) {
      if (!table.is_virtual || !is_nobodys(table.name)) continue;
      const bool of_known = std::any_of(table.references.begin(), table.references.end(),
                                        [&](const auto& each) { return owners_.find(each.second) != nullptr; });
      if (!of_known)
        add(table.name, "can be filled with what has owners, and has none",
            "let it show a table, as in fts5(title, content='notes', content_rowid='rowid'), or give it a column owner "
            "UNINDEXED");
    }
  }

  void look_at_triggers(const Connection& connection) {
    each_row(connection, "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name",
             [&](sqlite3_stmt* row) {
               const bool from_owned = owned_.contains(lower(text_at(row, 1)));
               const std::string sql(text_at(row, 2));
               SqlWords words(sql);
               SqlWord word = words.next();
               while (word.kind != SqlWord::Kind::end && !word.is("begin")) word = words.next();
               statements(words, from_owned, "the trigger " + std::string(text_at(row, 0)));
             });
  }

  void look_at(std::span<const Migration> steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      SqlWords words(steps[i].sql());
      statements(words, false, "migration " + std::to_string(i + 1));
    }
  }

  std::vector<SchemaFinding> findings;

 private:
  using Words = std::vector<SqlWord>;

  // A view shows what it selects from; another one can stand on it.
  void read_views(const Connection& connection) {
    std::vector<std::pair<std::string, std::string>> views;
    each_row(connection, "SELECT name, sql FROM sqlite_schema WHERE type = 'view'",
             [&](sqlite3_stmt* row) { views.emplace_back(lower(text_at(row, 0)), text_at(row, 1)); });
    for (bool more = true; more;) {
      more = false;
      for (const auto& [name, sql] : views) {
        if (owned_.contains(name)) continue;
        SqlWords words(sql);
        Words all;
        for (SqlWord word = words.next(); word.kind != SqlWord::Kind::end; word = words.next()) all.push_back(word);
        if (!reads_owned(all, 0)) continue;
        owned_.insert(name);
        more = true;
      }
    }
  }

  // A table of the application in which a row is nobody's, without a word that this is meant.
  [[nodiscard]] bool is_nobodys(std::string_view name) const {
    const RowOwners::Table* const table = owners_.find(name);
    return table && table->owners.empty() && !table->is_public && !table->is_shadow && !remarks_.is_for_everybody(name);
  }

  void add(std::string_view table, const std::string& why, const std::string& instead) {
    if (!named_.insert(lower(table)).second) return;
    const std::string name(table);
    findings.push_back({"the table " + name + " " + why,
                        instead +
                            "; or, where everybody may read it, say so in a new migration, with your reason: \"-- " +
                            name + " is for everybody: it holds nothing that one user keeps from others\""});
  }

  void statements(SqlWords& words, bool from_owned, const std::string& where) {
    Words statement;
    for (SqlWord word = words.next();; word = words.next()) {
      if (word.kind == SqlWord::Kind::comment) continue;
      if (word.kind == SqlWord::Kind::end || word.is_symbol(';')) {
        // The body of a trigger has statements of its own; the schema has those that are still there.
        const bool in_trigger =
            makes_trigger(statement) && !(statement.back().is("end") && word.kind != SqlWord::Kind::end);
        if (word.kind == SqlWord::Kind::end || !in_trigger) {
          if (!makes_trigger(statement)) look(statement, from_owned, where);
          statement.clear();
        }
        if (word.kind == SqlWord::Kind::end) return;
        continue;
      }
      statement.push_back(word);
    }
  }
  static bool makes_trigger(const Words& statement) {
    return statement.size() > 2 && statement[0].is("create") &&
           (statement[1].is("trigger") || statement[2].is("trigger"));
  }

  void look(const Words& statement, bool from_owned, const std::string& where) {
    const std::string_view target = target_of(statement);
    if (target.empty() || !is_nobodys(target)) return;
    const bool copies = reads_owned(statement, 0) ||
                        (from_owned && std::any_of(statement.begin(), statement.end(), [](const SqlWord& word) {
                           return word.is("new") || word.is("old");
                         }));
    if (copies)
      add(target, "has no owner, and is filled from one that has owners by " + where,
          "give it the owner as well: owner BLOB NOT NULL REFERENCES sallyport_users (id) ON DELETE CASCADE");
  }

  // What INSERT, REPLACE, UPDATE and CREATE TABLE … AS write to.
  static std::string_view target_of(const Words& statement) {
    const auto name_at = [&](std::size_t i) -> std::string_view {
      if (i + 2 < statement.size() && statement[i + 1].is_symbol('.')) i += 2;
      return i < statement.size() && statement[i].is_name() ? statement[i].text : std::string_view();
    };
    for (std::size_t i = 0; i < statement.size(); ++i) {
      if (statement[i].is("into")) return name_at(i + 1);
      if (statement[i].is("update")) {
        const bool alternative = i + 1 < statement.size() && statement[i + 1].is("or");
        return name_at(alternative ? i + 3 : i + 1);
      }
      if (i == 0 || !statement[0].is("create") || !statement[i].is("table")) continue;
      const bool unless = i + 1 < statement.size() && statement[i + 1].is("if");
      return name_at(unless ? i + 4 : i + 1);
    }
    return {};
  }

  // Whether a name in a FROM clause is that of a table with owners.
  [[nodiscard]] bool reads_owned(const Words& statement, std::size_t begin) const {
    bool in_from = false;
    for (std::size_t i = begin; i < statement.size(); ++i) {
      const SqlWord& word = statement[i];
      if (word.is("from") || word.is("join") || word.is("in")) {
        in_from = true;
      } else if (word.is("select") || word.is("where") || word.is("group") || word.is("order") || word.is("having") ||
                 word.is("limit") || word.is("set") || word.is("values") || word.is("returning")) {
        in_from = false;
      } else if (in_from && word.is_name() && owned_.contains(lower(word.text)) &&
                 !(i + 1 < statement.size() && statement[i + 1].is_symbol('.'))) {
        return true;
      }
    }
    return false;
  }

  const RowOwners& owners_;
  const Remarks& remarks_;
  std::set<std::string> owned_;  // tables and views
  std::set<std::string> named_;
};

void look_at_columns(const RowOwners& owners, const Remarks& remarks, std::vector<SchemaFinding>& findings) {
  for (const RowOwners::Table& table : owners.tables()) {
    if (!table.owners.empty() || table.is_public || table.is_shadow || remarks.is_for_everybody(table.name)) continue;
    for (const std::string& column : table.columns) {
      const bool refers = std::any_of(table.references.begin(), table.references.end(), [&](const auto& each) {
        return detail::equal_ignoring_case(each.first, column);
      });
      if (refers || !is_person(column) || remarks.is_no_owner(table.name, column)) continue;
      findings.push_back(
          {"the column " + column + " of the table " + table.name +
               " is called like a person and refers to no account, so nobody can tell whose its rows are",
           "in a new migration \"ALTER TABLE " + table.name +
               " ADD COLUMN owner BLOB REFERENCES sallyport_users (id) ON DELETE CASCADE\", and queries compare it "
               "with "
               "me.id; or, where it names no user of this service, say so there, with your reason: \"-- " +
               table.name + "." + column + " is not an owner: whom it names has no account here\""});
    }
  }
}

// --- Tables of members

std::string_view singular(std::string_view word) {
  if (word.ends_with('s')) word.remove_suffix(1);
  return word;
}

// `members`, `team_members`, `memberships`, `team_users`; no `user_settings`.
bool is_called_like_members(std::string_view table) {
  constexpr std::string_view names[] = {"member", "membership", "participant", "collaborator", "teammate"};
  const std::vector<std::string> words = words_of(table);
  if (words.empty()) return false;
  const std::string_view last = singular(words.back());
  return contains(names, last) || (words.size() > 1 && (last == "user" || last == "account"));
}

// What is found in many tables, and is no key of anything.
constexpr std::string_view plain_columns[] = {
    "id",      "name",    "title",  "text",     "body",       "role",      "note",       "status",
    "state",   "kind",    "type",   "since",    "at",         "level",     "joined",     "added",
    "created", "updated", "number", "position", "created_at", "joined_at", "updated_at", "added_at"};

// The column that says of what they are members, and the table that it leads to; empty: it is no table of members.
struct MembersOf {
  std::string_view column;
  std::string_view table;
};
MembersOf members_of(const RowOwners& owners, const RowOwners::Table& members) {
  const auto is_owner = [](const RowOwners::Table& table, std::string_view column) {
    return std::any_of(table.owners.begin(), table.owners.end(), [&](const detail::OwnerColumn& owner) {
      return owner.parent.empty() && detail::equal_ignoring_case(owner.name, column);
    });
  };
  for (const auto& [column, name] : members.references) {
    const RowOwners::Table* const parent = owners.find(name);
    if (parent && parent != &members && parent->owners.empty() && !parent->is_public) return {column, parent->name};
  }
  for (const std::string& column : members.columns) {
    if (is_owner(members, column) || contains(plain_columns, lower(column))) continue;
    for (const RowOwners::Table& other : owners.tables()) {
      if (&other == &members || other.is_shadow || other.is_public || !other.owners.empty()) continue;
      const bool has = std::any_of(other.columns.begin(), other.columns.end(),
                                   [&](const std::string& each) { return detail::equal_ignoring_case(each, column); });
      if (has) return {column, other.name};
    }
  }
  return {};
}

// A query that joins such a table by the caller alone shows what is of other teams; so does one that asks for a membership first. Once it is
// declared, the checks of queries follow it.
void look_at_members(const RowOwners& owners, const Remarks& remarks, std::vector<SchemaFinding>& findings) {
  for (const RowOwners::Table& table : owners.tables()) {
    if (table.is_public || table.is_virtual || table.is_shadow || !table.gate.empty()) continue;
    if (!is_called_like_members(table.name) || remarks.lists_no_members(table.name)) continue;
    const auto person = std::find_if(table.owners.begin(), table.owners.end(),
                                     [](const detail::OwnerColumn& owner) { return owner.parent.empty(); });
    if (person == table.owners.end()) continue;
    const MembersOf of = members_of(owners, table);
    if (of.column.empty()) continue;
    const std::string who(person->name);
    const std::string column(of.column);
    std::string type(singular(of.table));
    if (!type.empty() && type[0] >= 'a' && type[0] <= 'z') type[0] = static_cast<char>(type[0] - 'a' + 'A');
    std::string fix;
    for (const std::string_view part :
         {std::string_view("give the entity of "), std::string_view(of.table),
          std::string_view(" its members, sp::members<\""), std::string_view(table.name), std::string_view("\", \""),
          std::string_view(column), std::string_view("\", \""), std::string_view(who), std::string_view("\"> behind &"),
          std::string_view(type), std::string_view("::id, and take sp::Owned<"), std::string_view(type),
          std::string_view(
              "> or read it in a query; or, where whoever is in it may see all, say so in a new migration, with your "
              "reason: \"-- "),
          std::string_view(table.name),
          std::string_view(" lists no members: whoever is in it sees no more than others\"")})
      fix += part;
    findings.push_back({"the table " + table.name + " says by " + column +
                            " of what its users are members, and no query of this program knows "
                            "it, so nothing keeps what is in " +
                            std::string(of.table) + " from members of something else",
                        std::move(fix)});
  }
}

}  // namespace

std::vector<SchemaFinding> lost_owners(const Connection& connection, std::span<const Migration> steps) {
  RowOwners owners;
  owners.refresh(connection);
  const Remarks remarks(steps);
  Filled filled(connection, owners, remarks);
  look_at_columns(owners, remarks, filled.findings);
  look_at_members(owners, remarks, filled.findings);
  if (filled.any_owner()) {
    filled.look_at_search_tables();
    filled.look_at_triggers(connection);
    filled.look_at(steps);
  }
  return filled.findings;
}

}  // namespace sallyport::data
