// Whose rows a query reads or changes: every table whose rows have owners is compared with its owner, or the query is
// refused. The compiler runs it with the tables that a call's types name, the driver with those of the database.
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
};

/// A table whose rows have owners.
struct OwnedTable {
  std::string_view name;
  std::string_view id{};  ///< the column that an `OwnedId` is compared with
  std::span<const OwnerColumn> owners{};
};

/// Reads the clauses of one query. It refuses what it can't read: a table that it does not see could be anybody's.
class OwnerReader {
 public:
  constexpr OwnerReader(SqlTokens tokens, std::span<const SqlArgument> arguments, std::span<const OwnedTable> tables)
      : tokens_(tokens), arguments_(arguments), tables_(tables) {}

  /// Throws the sentence for the first table that is not compared with its owner; `table()` is its name then.
  /// `row_has_owner`: the rows asked for hold an owner, whatever table they are from.
  constexpr void check(bool row_has_owner) {
    row_has_owner_ = row_has_owner;
    query(0, tokens_.size(), nullptr);
    if (asks_inside_ && seen_size_ == 0 && !compared_) not_compared({});
  }
  [[nodiscard]] constexpr std::string_view table() const noexcept { return table_; }
  /// The tables with owners that were seen, and compared.
  [[nodiscard]] constexpr std::span<const OwnedTable* const> seen() const noexcept { return {seen_, seen_size_}; }

 private:
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
  };
  struct Scope {
    const Scope* outer = nullptr;
    Source sources[most_sources]{};
    std::size_t size = 0;
    bool on_filters = true;  // false beside RIGHT and FULL JOIN, which add rows that ON did not let through
    bool compared = false;   // something is compared with an owner
    bool changed = false;
  };
  // One side of a comparison.
  struct Operand {
    enum class What : unsigned char { nothing, column, value };
    What what = What::nothing;
    std::string_view qualifier{};
    std::string_view column{};
    std::size_t argument = 0;
    std::size_t next = 0;
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

  // --- Statements

  constexpr void query(std::size_t begin, std::size_t end, const Scope* outer) {
    if (++depth_ > deepest) unreadable();
    const std::size_t verb = with(begin, end, outer);
    if (tokens_.is(verb, "select") || tokens_.is(verb, "values")) {
      compound(verb, end, outer);
    } else if (depth_ > 1) {
      unreadable();
    } else if (tokens_.is(verb, "insert")) {
      insert(verb, end);
    } else if (tokens_.is(verb, "update")) {
      update(verb, end);
    } else if (tokens_.is(verb, "delete")) {
      remove(verb, end);
    } else {
      unreadable();
    }
    --depth_;
  }

  // `WITH name (columns) AS (query), …`. Answers where the statement itself begins.
  constexpr std::size_t with(std::size_t i, std::size_t end, const Scope* outer) {
    if (!tokens_.is(i, "with")) return i;
    ++i;
    if (tokens_.is(i, "recursive")) ++i;
    for (;;) {
      if (!tokens_.at(i).is_name()) unreadable();
      // Behind the name of a table that has owners something else could hide, and the reverse.
      if (find(tokens_.at(i).name()) || named_size_ == most_sources) unreadable();
      named_[named_size_++] = tokens_.at(i).name();
      ++i;
      if (tokens_.is_open(i)) i = tokens_.after(i);
      if (!tokens_.is(i, "as")) unreadable();
      ++i;
      if (tokens_.is(i, "not")) ++i;
      if (tokens_.is(i, "materialized")) ++i;
      if (!tokens_.is_subquery(i)) unreadable();
      query(i + 1, tokens_.close_of(i), outer);
      i = tokens_.after(i);
      if (i >= end || !tokens_.at(i).is_symbol(',')) return i;
      ++i;
    }
  }

  constexpr bool is_named_query(std::string_view name) const {
    for (std::size_t i = 0; i < named_size_; ++i) {
      if (equal_ignoring_case(named_[i], name)) return true;
    }
    return false;
  }

  constexpr bool joins_queries(std::size_t i) const {
    return tokens_.is(i, "union") || tokens_.is(i, "intersect") || tokens_.is(i, "except");
  }

  // SELECT … UNION SELECT …: each part for itself.
  constexpr void compound(std::size_t begin, std::size_t end, const Scope* outer) {
    for (;;) {
      std::size_t part = begin;
      while (part < end && !joins_queries(part)) part = tokens_.after(part);
      if (part > end) part = end;
      select(begin, part, outer);
      if (part == end) return;
      begin = part + 1;
      if (tokens_.is(begin, "all")) ++begin;
    }
  }

  template <class Is>
  constexpr std::size_t find_clause(std::size_t i, std::size_t end, Is&& is) const {
    while (i < end && !is(i)) i = tokens_.after(i);
    return i < end ? i : end;
  }

  constexpr void select(std::size_t begin, std::size_t end, const Scope* outer) {
    Scope scope;
    scope.outer = outer;
    if (!tokens_.is(begin, "values")) {
      if (!tokens_.is(begin, "select")) unreadable();
      // `a IS DISTINCT FROM b` is a comparison.
      const std::size_t from = find_clause(begin, end, [&](std::size_t i) {
        return (tokens_.is(i, "from") && !tokens_.is(i - 1, "distinct")) || tokens_.is(i, "where") ||
               tokens_.ends_rows(i);
      });
      clauses(scope, from, end);
      rows(scope);
    }
    subqueries(begin, end, scope);
  }

  // FROM … WHERE …, from where either stands.
  constexpr void clauses(Scope& scope, std::size_t from, std::size_t end) {
    std::size_t where = from;
    if (tokens_.is(from, "from")) {
      where = find_clause(from, end, [&](std::size_t i) { return tokens_.is(i, "where") || tokens_.ends_rows(i); });
      sources(scope, from + 1, where);
    }
    if (!tokens_.is(where, "where") || where >= end) return prove(scope, end, end);
    prove(scope, where + 1, find_clause(where, end, [&](std::size_t i) { return tokens_.ends_rows(i); }));
  }

  // What the rows of a SELECT, UPDATE or DELETE must have been compared with.
  constexpr void rows(const Scope& scope) {
    bool known = false;
    bool foreign = false;
    bool inside = false;
    for (std::size_t i = 0; i < scope.size; ++i) {
      const Source& source = scope.sources[i];
      if (source.table && !source.proven) not_compared(source.table->name);
      known = known || source.table;
      if (source.name.empty() || is_named_query(source.name)) {
        inside = true;
      } else {
        foreign = foreign || !equal_ignoring_case(source.name, people_view);
      }
    }
    compared_ = compared_ || scope.compared;
    if (depth_ == 1 && row_has_owner_ && inside) asks_inside_ = true;
    if (depth_ == 1 && row_has_owner_ && foreign && !known && !scope.compared) not_compared(scope.sources[0].name);
  }

  constexpr void subqueries(std::size_t begin, std::size_t end, const Scope& scope) {
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_.is(i, "in") && !tokens_.is_open(i + 1)) unreadable();  // IN table
      if (!tokens_.is_subquery(i)) continue;
      query(i + 1, tokens_.close_of(i), &scope);
      i = tokens_.close_of(i);
    }
  }

  // --- Tables

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
    for (;;) {
      Source source;
      source.optional = optional;
      if (tokens_.is_subquery(i)) {
        i = tokens_.after(i);
      } else {
        i = table_name(i, source);
        if (tokens_.is_open(i)) i = tokens_.after(i);  // a function that answers a table
      }
      i = alias(i, source);
      if (tokens_.is(i, "on")) {
        source.on = ++i;
        while (i < end && !joins(i) && !tokens_.at(i).is_symbol(',')) i = tokens_.after(i);
        source.on_end = i;
      } else if (tokens_.is(i, "using")) {
        if (!tokens_.is_open(i + 1)) unreadable();
        i = tokens_.after(i + 1);
      }
      add(scope, source);
      if (i >= end) return;
      optional = false;
      if (tokens_.at(i).is_symbol(',')) {
        ++i;
        continue;
      }
      while (i < end && joins(i) && !tokens_.is(i, "join")) {
        optional = optional || tokens_.is(i, "left");
        if (tokens_.is(i, "right") || tokens_.is(i, "full")) scope.on_filters = false;
        ++i;
      }
      if (!tokens_.is(i, "join")) unreadable();
      ++i;
    }
  }

  // --- Comparisons

  // Until nothing new is found: what is compared with a table that is proven later counts as well.
  constexpr void prove(Scope& scope, std::size_t where, std::size_t end) const {
    do {
      scope.changed = false;
      conditions(scope, where, end, none);
      for (std::size_t i = 0; i < scope.size && scope.on_filters; ++i) {
        const Source& source = scope.sources[i];
        conditions(scope, source.on, source.on_end, source.optional ? i : none);
      }
    } while (scope.changed);
  }

  // The parts of `a AND b AND (c AND d)`; of anything with OR none. `only`: the source whose rows they select.
  constexpr void conditions(Scope& scope, std::size_t begin, std::size_t end, std::size_t only) const {
    while (begin < end && tokens_.is_open(begin) && tokens_.after(begin) == end && !tokens_.is_subquery(begin)) {
      ++begin;
      --end;
    }
    std::size_t cases = 0;
    for (std::size_t i = begin; i < end; i = tokens_.after(i)) {
      if (tokens_.is(i, "case")) ++cases;
      if (cases > 0 && tokens_.is(i, "end")) --cases;
      if (cases == 0 && tokens_.is(i, "or")) return;
    }
    std::size_t part = begin;
    std::size_t betweens = 0;
    bool whole = true;
    for (std::size_t i = begin; i < end; i = tokens_.after(i)) {
      if (tokens_.is(i, "case")) ++cases;
      if (cases > 0 && tokens_.is(i, "end")) --cases;
      if (cases > 0) continue;
      if (tokens_.is(i, "between")) ++betweens;
      if (!tokens_.is(i, "and")) continue;
      if (betweens > 0) {
        --betweens;
        continue;
      }
      condition(scope, part, i, only);
      part = i + 1;
      whole = false;
    }
    if (whole) {
      comparison(scope, begin, end, only);
    } else {
      condition(scope, part, end, only);
    }
  }
  constexpr void condition(Scope& scope, std::size_t begin, std::size_t end, std::size_t only) const {
    if (tokens_.is_open(begin) && tokens_.after(begin) == end && !tokens_.is_subquery(begin)) {
      conditions(scope, begin, end, only);
    } else {
      comparison(scope, begin, end, only);
    }
  }

  constexpr Operand operand(std::size_t i) const {
    Operand side;
    const SqlToken token = tokens_.at(i);
    if (token.kind == SqlTokenKind::placeholder) {
      side = {.what = Operand::What::value, .argument = token.argument, .next = i + 1};
    } else if (token.is_name() && !tokens_.is(i, "not") && !tokens_.is(i, "case") && !tokens_.is(i, "exists") &&
               !tokens_.is_open(i + 1)) {
      side = {.what = Operand::What::column, .column = token.name(), .next = i + 1};
      // schema.table.column, table.column
      while (tokens_.at(side.next).is_symbol('.') && tokens_.at(side.next + 1).is_name()) {
        side.qualifier = side.column;
        side.column = tokens_.at(side.next + 1).name();
        side.next += 2;
      }
    }
    return side;
  }

  // `a = b`, `a == b`, `a IS b`, `a IN (?)`, `a IN (SELECT id FROM …)`, and nothing beside it.
  constexpr void comparison(Scope& scope, std::size_t begin, std::size_t end, std::size_t only) const {
    const Operand left = operand(begin);
    if (left.what == Operand::What::nothing || left.next >= end) return;
    std::size_t i = left.next;
    if (tokens_.is(i, "in") && tokens_.is_open(i + 1) && tokens_.after(i + 1) == end) {
      if (tokens_.is(i + 2, "select")) return in_query(scope, left, i + 2, end - 1, only);
      const Operand value = operand(i + 2);
      if (value.what == Operand::What::value && value.next + 1 == end) compare(scope, left, value, only);
      return;
    }
    if (tokens_.at(i).is_symbol('=')) {
      ++i;
      if (tokens_.at(i).is_symbol('=')) ++i;
    } else if (tokens_.is(i, "is")) {
      ++i;
    } else {
      return;
    }
    const Operand right = operand(i);
    if (right.what == Operand::What::nothing || right.next != end) return;
    if (left.what == Operand::What::column) compare(scope, left, right, only);
    if (right.what == Operand::What::column) compare(scope, right, left, only);
  }

  constexpr void compare(Scope& scope, const Operand& column, const Operand& with, std::size_t only) const {
    const bool value = with.what == Operand::What::value;
    if (value && arguments_[with.argument].kind != Kind::user && arguments_[with.argument].kind != Kind::owned) return;
    if (value && only == none) scope.compared = true;
    const Source* const other = value ? nullptr : source_of(scope, with);
    if (!value && (!other || !other->table || !other->proven)) return;
    for (std::size_t i = 0; i < scope.size; ++i) {
      const Source& source = scope.sources[i];
      if (&source == other || !source.table || !called(source, column)) continue;
      const OwnedTable& table = *source.table;
      if (value && is_owned_id(table, column.column, arguments_[with.argument])) mark(scope, i, only, {});
      for (const OwnerColumn& owner : table.owners) {
        if (!equal_ignoring_case(owner.name, column.column)) continue;
        if (value ? holds(owner, arguments_[with.argument]) : same_owner(owner, *other, with.column))
          mark(scope, i, only, owner.name);
      }
    }
  }
  static constexpr void mark(Scope& scope, std::size_t i, std::size_t only, std::string_view by) {
    if ((only != none && only != i) || scope.sources[i].proven) return;
    scope.sources[i].proven = scope.changed = true;
    scope.sources[i].by = by;
  }
  static constexpr bool called(const Source& source, const Operand& column) {
    return column.qualifier.empty() || equal_ignoring_case(source.qualifier, column.qualifier);
  }
  // Where a column with a qualifier is from: the nearest scope.
  static constexpr const Source* source_of(const Scope& scope, const Operand& column) {
    if (column.qualifier.empty()) return nullptr;
    for (const Scope* at = &scope; at; at = at->outer) {
      for (std::size_t i = 0; i < at->size; ++i) {
        if (called(at->sources[i], column)) return &at->sources[i];
      }
    }
    return nullptr;
  }
  static constexpr bool is_owned_id(const OwnedTable& table, std::string_view column, const SqlArgument& argument) {
    return argument.kind == Kind::owned && !table.id.empty() && equal_ignoring_case(column, table.id) &&
           equal_ignoring_case(argument.table, table.name);
  }
  static constexpr bool holds(const OwnerColumn& owner, const SqlArgument& argument) {
    if (owner.parent.empty()) return argument.kind == Kind::user;
    return argument.kind == Kind::owned && equal_ignoring_case(argument.table, owner.parent);
  }
  // Whether `owner` equal to `column` of a row that is the caller's is the caller's as well.
  static constexpr bool same_owner(const OwnerColumn& owner, const Source& other, std::string_view column) {
    const bool compared = !other.by.empty() && equal_ignoring_case(column, other.by);
    if (other.fresh) return compared && equal_ignoring_case(column, owner.name);
    if (owner.parent.empty()) return compared && is_user(*other.table, column);
    const bool id = equal_ignoring_case(column, other.table->id) ||
                    (equal_ignoring_case(owner.name, "rowid") && equal_ignoring_case(column, "rowid"));
    return id && equal_ignoring_case(owner.parent, other.table->name);
  }
  static constexpr bool is_user(const OwnedTable& table, std::string_view column) {
    const OwnerColumn* const owner = owner_column(table, column);
    return owner && owner->parent.empty();
  }

  // `parent IN (SELECT id FROM parents WHERE …)`: that query is checked for itself, so its ids are the caller's.
  constexpr void in_query(Scope& scope, const Operand& column, std::size_t select, std::size_t end,
                          std::size_t only) const {
    if (column.what != Operand::What::column) return;
    for (std::size_t i = select; i < end; i = tokens_.after(i)) {
      if (joins_queries(i)) return;
    }
    const Operand id = operand(select + 1);
    if (id.what != Operand::What::column || !tokens_.is(id.next, "from")) return;
    Source parent;
    std::size_t name = id.next + 1;
    if (tokens_.at(name + 1).is_symbol('.')) name += 2;
    if (!tokens_.at(name).is_name()) return;
    parent.name = parent.qualifier = tokens_.at(name).name();
    parent.table = find(parent.name);
    alias(name + 1, parent);
    if (!parent.table || !called(parent, id) || !equal_ignoring_case(id.column, parent.table->id)) return;
    for (std::size_t i = 0; i < scope.size; ++i) {
      Source& source = scope.sources[i];
      if (!source.table || !called(source, column)) continue;
      for (const OwnerColumn& owner : source.table->owners) {
        if (equal_ignoring_case(owner.name, column.column) && equal_ignoring_case(owner.parent, parent.name))
          mark(scope, i, only, owner.name);
      }
    }
  }

  // --- Changes

  constexpr void remove(std::size_t verb, std::size_t end) {
    if (!tokens_.is(verb + 1, "from")) unreadable();
    Scope scope;
    Source target;
    const std::size_t i = alias(table_name(verb + 2, target), target);
    add(scope, target);
    clauses(scope, i, end);
    rows(scope);
    subqueries(verb, end, scope);
  }

  constexpr void update(std::size_t verb, std::size_t end) {
    std::size_t i = verb + 1;
    if (tokens_.is(i, "or")) i += 2;
    Scope scope;
    Source target;
    i = alias(table_name(i, target), target);
    if (!tokens_.is(i, "set")) unreadable();
    const std::size_t set = i + 1;
    i = find_clause(set, end, [&](std::size_t at) {
      return (tokens_.is(at, "from") && !tokens_.is(at - 1, "distinct")) || tokens_.is(at, "where") ||
             tokens_.ends_rows(at);
    });
    if (target.table) keeps_owner(*target.table, set, i);
    add(scope, target);
    clauses(scope, i, end);
    rows(scope);
    subqueries(verb, end, scope);
  }

  // The assignments of SET: none to the owner.
  constexpr void keeps_owner(const OwnedTable& table, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end;) {
      if (tokens_.is_open(i)) {  // (a, b) = (…)
        for (std::size_t at = i + 1; at < tokens_.close_of(i); ++at) {
          if (owner_column(table, tokens_.at(at).name())) gives_away(table);
        }
      } else if (const OwnerColumn* const owner = owner_column(table, tokens_.at(i).name())) {
        const SqlToken value = tokens_.at(i + 2);
        const bool alone = i + 3 == end || tokens_.at(i + 3).is_symbol(',');
        const bool moves = !owner->parent.empty() && alone && value.kind == SqlTokenKind::placeholder &&
                           holds(*owner, arguments_[value.argument]);
        if (!moves) gives_away(table);
      }
      while (i < end && !tokens_.at(i).is_symbol(',')) i = tokens_.after(i);
      ++i;
    }
  }
  static constexpr const OwnerColumn* owner_column(const OwnedTable& table, std::string_view name) {
    for (const OwnerColumn& owner : table.owners) {
      if (equal_ignoring_case(owner.name, name)) return &owner;
    }
    return nullptr;
  }
  template <int = 0>
  [[noreturn]] constexpr void gives_away(const OwnedTable& table) {
    table_ = table.name;
    throw "OWN-003: SET gives the row to another owner: leave that column out, or say sp::every_owner<\"why\">";
  }

  constexpr void insert(std::size_t verb, std::size_t end) {
    std::size_t i = verb + 1;
    if (tokens_.is(i, "or")) i += 2;
    if (!tokens_.is(i, "into")) unreadable();
    Source target;
    i = alias(table_name(i + 1, target), target);
    std::size_t columns = 0;
    if (tokens_.is_open(i)) {
      columns = i;
      i = tokens_.after(i);
    }
    const std::size_t upsert =
        find_clause(i, end, [&](std::size_t at) { return tokens_.is(at, "on") && tokens_.is(at + 1, "conflict"); });
    const std::size_t rows_end = find_clause(i, upsert, [&](std::size_t at) { return tokens_.is(at, "returning"); });
    if (target.table) target.by = sets_owner(*target.table, columns, i, rows_end);
    if (!target.table && row_has_owner_ && !binds_owner()) not_set(target.name);
    Scope scope;
    if (tokens_.is(i, "select") || tokens_.is(i, "with")) {
      // The rows are read from elsewhere; what they become is checked above.
      const bool asks = row_has_owner_;
      row_has_owner_ = false;
      ++depth_;
      compound(with(i, rows_end, nullptr), rows_end, nullptr);
      --depth_;
      row_has_owner_ = asks;
      add(scope, target);
    } else {
      add(scope, target);
      subqueries(i, rows_end, scope);
    }
    conflicts(scope, upsert, end);
    subqueries(rows_end, end, scope);
  }

  constexpr bool binds_owner() const {
    for (const SqlArgument& argument : arguments_) {
      if (argument.kind == Kind::user || argument.kind == Kind::owned) return true;
    }
    return false;
  }
  template <int = 0>
  [[noreturn]] constexpr void not_set(std::string_view table) {
    table_ = table;
    throw "OWN-004: a new row says whose it is: (id, owner) VALUES (?, ?) with me.id, or sp::every_owner<\"why\">";
  }

  // The column that holds the owner.
  constexpr std::string_view sets_owner(const OwnedTable& table, std::size_t columns, std::size_t values,
                                        std::size_t end) {
    if (columns == 0) not_set(table.name);
    std::size_t position = 0;
    for (std::size_t at = columns + 1; at < tokens_.close_of(columns); ++at) {
      if (tokens_.at(at).is_symbol(',')) ++position;
      const OwnerColumn* const owner = owner_column(table, tokens_.at(at).name());
      if (owner && binds_at(*owner, position, values, end)) return owner->name;
    }
    not_set(table.name);
  }
  // Whether every row has a value of the owner's at `position`.
  constexpr bool binds_at(const OwnerColumn& owner, std::size_t position, std::size_t i, std::size_t end) const {
    if (tokens_.is(i, "values")) {
      for (++i; i < end; ++i) {
        if (!tokens_.is_open(i) || !item_holds(owner, position, i + 1, tokens_.close_of(i))) return false;
        i = tokens_.after(i);
        if (i < end && !tokens_.at(i).is_symbol(',')) return false;
      }
      return true;
    }
    if (!tokens_.is(i, "select")) return false;
    if (find_clause(i, end, [&](std::size_t at) { return joins_queries(at); }) != end) return false;
    const std::size_t from = find_clause(i, end, [&](std::size_t at) {
      return (tokens_.is(at, "from") && !tokens_.is(at - 1, "distinct")) || tokens_.is(at, "where") ||
             tokens_.ends_rows(at);
    });
    if (tokens_.is(i + 1, "distinct") || tokens_.is(i + 1, "all")) ++i;
    return item_holds(owner, position, i + 1, from);
  }
  constexpr bool item_holds(const OwnerColumn& owner, std::size_t position, std::size_t i, std::size_t end) const {
    for (; position > 0 && i < end; i = tokens_.after(i)) {
      if (tokens_.at(i).is_symbol('*')) return false;
      if (tokens_.at(i).is_symbol(',')) --position;
    }
    const SqlToken value = tokens_.at(i);
    return i < end && value.kind == SqlTokenKind::placeholder && holds(owner, arguments_[value.argument]) &&
           (i + 1 == end || tokens_.at(i + 1).is_symbol(','));
  }

  // ON CONFLICT (…) DO UPDATE SET … WHERE …: the row that is in the way may be somebody else's.
  constexpr void conflicts(Scope& scope, std::size_t i, std::size_t end) {
    const OwnedTable* const table = scope.sources[0].table;
    const auto next = [&](std::size_t at) {
      return find_clause(at, end, [&](std::size_t each) {
        return (tokens_.is(each, "on") && tokens_.is(each + 1, "conflict")) || tokens_.is(each, "returning");
      });
    };
    while (i < end && tokens_.is(i, "on")) {
      const std::size_t clause_end = next(i + 1);
      const std::size_t target = i + 2;
      const std::size_t action = find_clause(target, clause_end, [&](std::size_t at) { return tokens_.is(at, "do"); });
      if (table && tokens_.is(action + 1, "update")) {
        const std::size_t where =
            find_clause(action, clause_end, [&](std::size_t at) { return tokens_.is(at, "where"); });
        keeps_owner(*table, action + 3, where);
        if (!names_owner(scope.sources[0].by, target) && !excludes_others(scope, where + 1, clause_end)) {
          table_ = table->name;
          throw "OWN-005: the row in the way may be another's: DO UPDATE SET … WHERE notes.owner = excluded.owner";
        }
      }
      i = clause_end;
    }
  }
  constexpr bool names_owner(std::string_view owner, std::size_t target) const {
    if (!tokens_.is_open(target)) return false;
    for (std::size_t at = target + 1; at < tokens_.close_of(target); ++at) {
      const bool whole = (at == target + 1 || tokens_.at(at - 1).is_symbol(',')) &&
                         (at + 1 == tokens_.close_of(target) || tokens_.at(at + 1).is_symbol(','));
      if (whole && equal_ignoring_case(owner, tokens_.at(at).name())) return true;
    }
    return false;
  }
  // The new row's owner is proven, so a row with the same one is as well.
  constexpr bool excludes_others(Scope& scope, std::size_t begin, std::size_t end) const {
    if (begin >= end) return false;
    Scope both = scope;
    Source& row = both.sources[0];
    Source fresh = row;
    fresh.qualifier = "excluded";
    fresh.proven = fresh.fresh = true;
    add(both, fresh);
    row.proven = false;
    row.by = {};
    do {
      both.changed = false;
      conditions(both, begin, end, 0);
    } while (both.changed);
    return row.proven;
  }

  SqlTokens tokens_;
  std::span<const SqlArgument> arguments_;
  std::span<const OwnedTable> tables_;
  std::string_view table_{};
  const OwnedTable* seen_[most_seen]{};
  std::size_t seen_size_ = 0;
  std::string_view named_[most_sources]{};  // by WITH
  std::size_t named_size_ = 0;
  std::size_t depth_ = 0;
  bool row_has_owner_ = false;
  bool asks_inside_ = false;  // the rows come from a query in parentheses or of WITH: what is compared is inside
  bool compared_ = false;
};

}  // namespace sallyport::detail
