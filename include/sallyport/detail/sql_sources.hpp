// The tables that a query names: what is known of their owners, and what each is called in it.
#pragma once

#include <sallyport/detail/sql_scanner.hpp>

#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

namespace sallyport::detail {

struct OwnedTable;

/// A column that says whose a row is.
struct OwnerColumn {
  std::string_view name;
  std::string_view parent{};  ///< it holds the id of a row of this table, which has an owner; empty: the id of a user
  const OwnedTable* parent_table = nullptr;  ///< where it is known
  /// The column of `parent` that it equals; empty: its id. A table of members has one: `rooms.id` is `members.room_id`.
  std::string_view parent_column{};
};

/// A table whose rows have owners.
struct OwnedTable {
  std::string_view name;
  std::string_view id{};  ///< the column that an `OwnedId` is compared with
  std::span<const OwnerColumn> owners{};
  std::string_view gate{};  ///< of a table of members: the column of what they are members of, which a new row proves
};

/// Reads FROM clauses. It refuses what it can't read: a table that it does not see could be anybody's.
class SqlSourceReader {
 public:
  constexpr SqlSourceReader(SqlTokens tokens, std::span<const SqlArgument> arguments,
                            std::span<const OwnedTable> tables)
      : tokens_(tokens), arguments_(arguments), tables_(tables) {}

  /// The table that an exception is about.
  [[nodiscard]] constexpr std::string_view table() const noexcept { return table_; }
  /// The tables with owners that were seen, and compared.
  [[nodiscard]] constexpr std::span<const OwnedTable* const> seen() const noexcept { return {seen_, seen_size_}; }

 protected:
  using Kind = SqlArgument::Kind;
  static constexpr std::size_t most_sources = 12;
  static constexpr std::size_t deepest = 16;
  static constexpr std::size_t most_seen = 32;
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  // A table, view or query in FROM.
  struct Source {
    std::string_view name;       // of the table; empty for a query in parentheses
    std::string_view qualifier;  // what its columns are called by
    const OwnedTable* table = nullptr;
    bool proven = false;
    bool fresh = false;     // the new row of an INSERT
    std::string_view by{};  // the column that was compared; empty: the id
    bool optional = false;  // the right side of a LEFT JOIN: its ON is about its own rows only
    std::size_t on = 0;     // its ON clause
    std::size_t on_end = 0;
    bool computed = false;        // by WITH, or by a function
    bool shares_columns = false;  // USING and NATURAL compare it with those before it
  };
  struct Scope {
    const Scope* outer = nullptr;
    Source sources[most_sources]{};
    std::size_t size = 0;
    bool inside = false;     // a condition's query: the last source is its own, the others are around it
    bool on_filters = true;  // false beside RIGHT and FULL JOIN, which add rows that ON did not let through
    bool compared = false;   // something is compared with an owner
    bool changed = false;
    bool asked = false;     // the caller is compared with something, whatever that is
    std::size_t where = 0;  // its WHERE
    std::size_t where_end = 0;
  };

  // Templates, so that a compiler does not look for a call that throws nothing. One line each: compilers print that.
  template <int = 0>
  [[noreturn]] static constexpr void unreadable() {
    throw "OWN-002: the tables can't be seen in this: write plain FROM, JOIN, WHERE, or sp::every_owner<\"why\">";
  }
  template <int = 0>
  [[noreturn]] constexpr void not_compared(std::string_view table) {
    table_ = table;
    throw "OWN-001: say whose rows: WHERE owner = ? with me.id (an OwnedId<User>), note.id() of an Owned, or sp::every_owner<\"why\">";
  }

  constexpr const OwnedTable* find(std::string_view name) const {
    for (const OwnedTable& table : tables_) {
      if (const OwnedTable* const found = find_above(table, name, 0)) return found;
    }
    return nullptr;
  }
  // The table itself, or one that its rows hang on.
  static constexpr const OwnedTable* find_above(const OwnedTable& table, std::string_view name, std::size_t height) {
    if (equal_ignoring_case(table.name, name)) return &table;
    for (const OwnerColumn& owner : table.owners) {
      if (!owner.parent_table || height == 4) continue;
      if (const OwnedTable* const found = find_above(*owner.parent_table, name, height + 1)) return found;
    }
    return nullptr;
  }

  constexpr bool joins_queries(std::size_t i) const {
    return tokens_.is(i, "union") || tokens_.is(i, "intersect") || tokens_.is(i, "except");
  }

  template <class Is>
  constexpr std::size_t find_clause(std::size_t i, std::size_t end, Is&& is) const {
    while (i < end && !is(i)) i = tokens_.after(i);
    return i < end ? i : end;
  }

  constexpr std::size_t table_name(std::size_t i, Source& source) {
    if (tokens_.at(i + 1).is_symbol('.')) i += 2;
    if (!tokens_.at(i).is_name()) unreadable();
    source.name = source.qualifier = tokens_.at(i).name();
    source.table = find(source.name);
    if (source.table) {
      if (seen_size_ == most_seen) unreadable();
      seen_[seen_size_++] = source.table;
    }
    return i + 1;
  }
  constexpr std::size_t alias(std::size_t i, Source& source) const {
    if (tokens_.is(i, "as")) {
      if (!tokens_.at(++i).is_name()) unreadable();
    } else if (tokens_.at(i).kind == SqlTokenKind::word) {
      for (const std::string_view word :
           {"on",  "using", "join",   "left",   "right", "full",    "inner",     "cross", "natural", "indexed", "not",
            "set", "where", "values", "select", "with",  "default", "returning", "order", "limit",   "from"}) {
        if (tokens_.is(i, word)) return indexed(i);
      }
    } else if (tokens_.at(i).kind != SqlTokenKind::name) {
      return i;
    }
    source.qualifier = tokens_.at(i).name();
    return indexed(i + 1);
  }
  constexpr std::size_t indexed(std::size_t i) const {
    if (tokens_.is(i, "indexed")) return i + 3;
    if (tokens_.is(i, "not") && tokens_.is(i + 1, "indexed")) return i + 2;
    return i;
  }
  constexpr bool joins(std::size_t i) const {
    return tokens_.is(i, "join") || tokens_.is(i, "left") || tokens_.is(i, "right") || tokens_.is(i, "full") ||
           tokens_.is(i, "inner") || tokens_.is(i, "cross") || tokens_.is(i, "natural") || tokens_.is(i, "outer");
  }

  constexpr void add(Scope& scope, const Source& source) const {
    if (scope.size == most_sources) unreadable();
    for (std::size_t i = 0; i < scope.size; ++i) {
      const Source& other = scope.sources[i];
      if ((other.table || source.table) && equal_ignoring_case(other.qualifier, source.qualifier)) unreadable();
    }
    scope.sources[scope.size++] = source;
  }

  constexpr void sources(Scope& scope, std::size_t i, std::size_t end) {
    bool optional = false;
    bool natural = false;
    for (;;) {
      Source source;
      source.optional = optional;
      source.shares_columns = natural;
      if (tokens_.is_subquery(i)) {
        i = tokens_.after(i);
      } else {
        i = table_name(i, source);
        source.computed = tokens_.is_open(i);  // a function that answers a table
        if (source.computed) i = tokens_.after(i);
      }
      i = alias(i, source);
      if (tokens_.is(i, "on")) {
        source.on = ++i;
        while (i < end && !joins(i) && !tokens_.at(i).is_symbol(',')) i = tokens_.after(i);
        source.on_end = i;
      } else if (tokens_.is(i, "using")) {
        if (!tokens_.is_open(i + 1)) unreadable();
        source.shares_columns = true;
        i = tokens_.after(i + 1);
      }
      add(scope, source);
      if (i >= end) return;
      optional = natural = false;
      if (tokens_.at(i).is_symbol(',')) {
        ++i;
        continue;
      }
      while (i < end && joins(i) && !tokens_.is(i, "join")) {
        optional = optional || tokens_.is(i, "left");
        natural = natural || tokens_.is(i, "natural");
        if (tokens_.is(i, "right") || tokens_.is(i, "full")) scope.on_filters = false;
        ++i;
      }
      if (!tokens_.is(i, "join")) unreadable();
      ++i;
    }
  }

  SqlTokens tokens_;
  std::span<const SqlArgument> arguments_;
  std::span<const OwnedTable> tables_;
  std::string_view table_{};

 private:
  const OwnedTable* seen_[most_seen]{};
  std::size_t seen_size_ = 0;
};

}  // namespace sallyport::detail
