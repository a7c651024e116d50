// Whose rows a query reads or changes: every table whose rows have owners is compared with its owner, or the query is
// refused. The compiler runs it with the tables that a call's types name, the driver with those of the database.
#pragma once

#include <sallyport/detail/sql_links.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace sallyport::detail {

/// Reads the statements of one query, each part for itself.
class OwnerReader : public SqlLinkReader {
 public:
  using SqlLinkReader::SqlLinkReader;

  /// Throws the sentence for the first table that is not compared with its owner; `table()` is its name then.
  /// `row_has_owner`: the rows asked for hold an owner, whatever table they are from.
  constexpr void check(bool row_has_owner) {
    row_has_owner_ = row_has_owner;
    query(0, tokens_.size(), nullptr);
    if (asks_inside_ && seen().empty() && !compared_) not_compared({});
  }
  /// The same for a query that is to answer the id of a row of `table`, as a proof: it stands alone in SELECT or RETURNING.
  constexpr void check_id(std::string_view table) {
    check(false);
    if (!equal_ignoring_case(answers_, table))
      throw "OWN-008: an OwnedId is the id alone: SELECT id FROM notes WHERE owner = ?, or INSERT … RETURNING id";
  }

 private:
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
      for (std::size_t i = 0; i < scope.size; ++i) {
        Source& source = scope.sources[i];
        source.computed = source.computed || is_named_query(source.name);
      }
      linked(scope);
      const std::size_t first = tokens_.is(begin + 1, "distinct") ? begin + 2 : begin + 1;
      if (depth_ == 1) answers_ = parts_++ == 0 ? id_of(scope, first, from) : std::string_view();
    }
    subqueries(begin, end, scope);
  }
  // The table whose id is all that stands there.
  constexpr std::string_view id_of(const Scope& scope, std::size_t begin, std::size_t end) const {
    const Operand column = operand(begin);
    if (column.what != Operand::What::column || column.next != end) return {};
    const Source* const source = from_one(scope, column);
    return source && source->table && equal_ignoring_case(column.column, source->table->id) ? source->table->name
                                                                                            : std::string_view();
  }
  static constexpr const Source* from_one(const Scope& scope, const Operand& column) {
    if (column.qualifier.empty()) return scope.size == 1 ? &scope.sources[0] : nullptr;
    for (std::size_t i = 0; i < scope.size; ++i) {
      if (called(scope.sources[i], column)) return &scope.sources[i];
    }
    return nullptr;
  }
  constexpr void returning(const Scope& scope, std::size_t begin, std::size_t end) {
    const std::size_t at = find_clause(begin, end, [&](std::size_t i) { return tokens_.is(i, "returning"); });
    if (at < end) answers_ = id_of(scope, at + 1, end);
  }

  // FROM … WHERE …, from where either stands.
  constexpr void clauses(Scope& scope, std::size_t from, std::size_t end) {
    std::size_t where = from;
    if (tokens_.is(from, "from")) {
      where = find_clause(from, end, [&](std::size_t i) { return tokens_.is(i, "where") || tokens_.ends_rows(i); });
      sources(scope, from + 1, where);
    }
    if (!tokens_.is(where, "where") || where >= end) return prove(scope, end, end);
    scope.where = where + 1;
    scope.where_end = find_clause(where, end, [&](std::size_t i) { return tokens_.ends_rows(i); });
    prove(scope, scope.where, scope.where_end);
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
      if (tokens_.is(i - 1, "exists")) linked_query(scope, i + 1, tokens_.close_of(i));
      query(i + 1, tokens_.close_of(i), &scope);
      i = tokens_.close_of(i);
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
    returning(scope, verb, end);
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
    returning(scope, verb, end);
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
  // No template, and with a condition that always holds: clang 16 would print neither code nor sentence.
  constexpr void gives_away(const OwnedTable& table) {
    table_ = table.name;
    if (!table.name.empty())
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
    returning(scope, rows_end, end);
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
    throw "OWN-004: a new row says whose it is: bind me.id, or an OwnedId of what it hangs on (INSERT … RETURNING id), or sp::every_owner<\"why\">";
  }

  // The column that holds the owner. A new row of what has members, and no other owner, is nobody's yet.
  constexpr std::string_view sets_owner(const OwnedTable& table, std::size_t columns, std::size_t values,
                                        std::size_t end) {
    bool by_members = true;
    for (const OwnerColumn& owner : table.owners) by_members = by_members && !owner.parent_column.empty();
    if (by_members) return {};
    if (columns == 0) not_set(table.name);
    std::size_t position = 0;
    for (std::size_t at = columns + 1; at < tokens_.close_of(columns); ++at) {
      if (tokens_.at(at).is_symbol(',')) ++position;
      const OwnerColumn* const owner = owner_column(table, tokens_.at(at).name());
      if (owner && !table.gate.empty() && !equal_ignoring_case(owner->name, table.gate)) continue;
      if (owner && binds_at(*owner, position, values, end)) return owner->name;
    }
    not_set(table.name);
  }
  // Whether every row has a value of the owner's at `position`.
  constexpr bool binds_at(const OwnerColumn& owner, std::size_t position, std::size_t i, std::size_t end) {
    if (tokens_.is(i, "values")) {
      for (++i; i < end; ++i) {
        if (!tokens_.is_open(i) || !item_holds(owner, position, i + 1, tokens_.close_of(i), nullptr)) return false;
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
    Scope scope;
    clauses(scope, from, end);
    return item_holds(owner, position, i + 1, from, &scope);
  }
  // A value of the caller's; or a column of a row that is proven to be theirs in `read`, which the new row is filled from.
  constexpr bool item_holds(const OwnerColumn& owner, std::size_t position, std::size_t i, std::size_t end,
                            const Scope* read) const {
    for (; position > 0 && i < end; i = tokens_.after(i)) {
      if (tokens_.at(i).is_symbol('*')) return false;
      if (tokens_.at(i).is_symbol(',')) --position;
    }
    const Operand item = operand(i);
    if (i >= end || item.what == Operand::What::nothing) return false;
    if (item.next != end && !tokens_.at(item.next).is_symbol(',')) return false;
    if (item.what == Operand::What::value) return holds(owner, arguments_[item.argument]);
    const Source* const source = read ? from_one(*read, item) : nullptr;
    return source && source->table && source->proven && !source->optional && same_owner(owner, *source, item.column);
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

  std::string_view named_[most_sources]{};  // by WITH
  std::size_t named_size_ = 0;
  std::size_t depth_ = 0;
  bool row_has_owner_ = false;
  bool asks_inside_ = false;  // the rows come from a query in parentheses or of WITH: what is compared is inside
  bool compared_ = false;
  std::size_t parts_ = 0;       // of UNION and the like
  std::string_view answers_{};  // the table whose id is all that the statement answers
};

}  // namespace sallyport::detail
