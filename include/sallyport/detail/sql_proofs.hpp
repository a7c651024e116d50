// Which tables of a query are proven to be the caller's: by what WHERE and ON compare their owners with.
#pragma once

#include <sallyport/detail/sql_sources.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// Reads conditions. What stands beside OR proves nothing.
class SqlProofReader : public SqlSourceReader {
 protected:
  using SqlSourceReader::SqlSourceReader;

  // One side of a comparison.
  struct Operand {
    enum class What : unsigned char { nothing, column, value };
    What what = What::nothing;
    std::string_view qualifier{};
    std::string_view column{};
    std::size_t argument = 0;
    std::size_t next = 0;
  };

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
    if (tokens_.is(begin, "exists") && tokens_.is_subquery(begin + 1) && tokens_.after(begin + 1) == end)
      return exists_query(scope, begin + 2, end - 1, only);
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
      if (scope.inside && i + 1 < scope.size && column.qualifier.empty()) continue;  // it is the inner table's
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
  // Where a column is from: with a qualifier, the nearest scope.
  static constexpr const Source* source_of(const Scope& scope, const Operand& column) {
    if (column.qualifier.empty()) return scope.inside ? &scope.sources[scope.size - 1] : nullptr;
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
  constexpr bool same_owner(const OwnerColumn& owner, const Source& other, std::string_view column) const {
    const bool compared = !other.by.empty() && equal_ignoring_case(column, other.by);
    if (other.fresh) return compared && equal_ignoring_case(column, owner.name);
    if (owner.parent.empty()) return compared && is_user(*other.table, column);
    return leads(owner, *other.table, column, false);
  }
  // Whether `owner`, equal to `column` of a row of `table` that is the caller's, says that its own row is as well.
  constexpr bool leads(const OwnerColumn& owner, const OwnedTable& table, std::string_view column,
                       bool from_below) const {
    if (equal_ignoring_case(owner.parent, table.name)) {
      const std::string_view target = owner.parent_column.empty() ? table.id : owner.parent_column;
      if (equal_ignoring_case(column, target)) return true;
      if (equal_ignoring_case(owner.name, "rowid") && equal_ignoring_case(column, "rowid")) return true;
    }
    // What refers to a room may be compared with the table of the room's members at once.
    if (from_below || !owner.parent_column.empty()) return false;
    const OwnedTable* const parent = owner.parent_table ? owner.parent_table : find(owner.parent);
    if (!parent) return false;
    for (const OwnerColumn& above : parent->owners) {
      if (above.parent_column.empty() || !equal_ignoring_case(above.name, parent->id)) continue;
      if (leads(above, table, column, true)) return true;
    }
    return false;
  }
  static constexpr bool is_user(const OwnedTable& table, std::string_view column) {
    const OwnerColumn* const owner = owner_column(table, column);
    return owner && owner->parent.empty();
  }

  // --- Queries in conditions

  // The first table of the FROM at `from`. Answers what follows it.
  constexpr std::size_t first_source(std::size_t from, Source& source) const {
    std::size_t name = from + 1;
    if (tokens_.at(name + 1).is_symbol('.')) name += 2;
    if (!tokens_.at(name).is_name()) return name;
    source.name = source.qualifier = tokens_.at(name).name();
    source.table = find(source.name);
    return alias(name + 1, source);
  }
  // Whether these rows are from one table and no more than its WHERE lets through. `inner` is what they, and the tables around, are proven
  // by; a table around is the caller's only if that WHERE says so of itself, and not because of what it is asked for.
  constexpr bool one_table(const Scope& scope, const Source& source, std::size_t where, std::size_t end,
                           Scope& inner) const {
    if (!source.table || !tokens_.is(where, "where") || scope.size + 1 > most_sources) return false;
    if (find_clause(where, end, [&](std::size_t i) { return tokens_.ends_rows(i) || joins_queries(i); }) != end)
      return false;
    inner = scope;
    for (std::size_t i = 0; i < inner.size; ++i) {
      if (equal_ignoring_case(inner.sources[i].qualifier, source.qualifier)) return false;
    }
    inner.sources[inner.size++] = source;
    inner.inside = true;
    do {
      inner.changed = false;
      conditions(inner, where + 1, end, none);
    } while (inner.changed);
    return inner.sources[inner.size - 1].proven;
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
    const std::size_t where = first_source(id.next, parent);
    if (!parent.table || !called(parent, id)) return;
    Scope inner;
    if (!one_table(scope, parent, where, end, inner)) {
      // Checked for itself, it could be proven by the very table that asks: not where that refers to it in turn.
      for (const OwnerColumn& owner : parent.table->owners) {
        if (!owner.parent_column.empty() || !parent.table->gate.empty()) return;
      }
    }
    for (std::size_t i = 0; i < scope.size; ++i) {
      const Source& source = scope.sources[i];
      if (!source.table || !called(source, column)) continue;
      for (const OwnerColumn& owner : source.table->owners) {
        if (equal_ignoring_case(owner.name, column.column) && !owner.parent.empty() &&
            leads(owner, *parent.table, id.column, false))
          mark(scope, i, only, owner.name);
      }
    }
  }

  // `EXISTS (SELECT 1 FROM members AS m WHERE m.room_id = rooms.id AND m.user_id = ?)`.
  constexpr void exists_query(Scope& scope, std::size_t select, std::size_t end, std::size_t only) const {
    const std::size_t from = find_clause(
        select, end, [&](std::size_t i) { return tokens_.is(i, "from") && !tokens_.is(i - 1, "distinct"); });
    Source source;
    Scope inner;
    if (from == end || !one_table(scope, source, first_source(from, source), end, inner)) return;
    for (std::size_t i = 0; i < scope.size; ++i) {
      if (inner.sources[i].proven) mark(scope, i, only, inner.sources[i].by);
    }
  }

  static constexpr const OwnerColumn* owner_column(const OwnedTable& table, std::string_view name) {
    for (const OwnerColumn& owner : table.owners) {
      if (equal_ignoring_case(owner.name, name)) return &owner;
    }
    return nullptr;
  }
};

}  // namespace sallyport::detail
