// Which tables of a FROM are compared with each other: one that only the caller is compared with lets every row of another through.
#pragma once

#include <sallyport/detail/sql_proofs.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// `FROM documents AS d JOIN members AS m ON m.user_id = ? WHERE d.number = ?` shows every document to whoever is a member of anything. What
/// it can't tell (a column without its table's name) counts as compared.
class SqlLinkReader : public SqlProofReader {
 protected:
  using SqlProofReader::SqlProofReader;

  template <int = 0>
  [[noreturn]] static constexpr void not_linked() {
    throw "OWN-009: who has a row of one table sees every row of another: compare their columns (m.team = d.team), or ask in two queries, or sp::every_owner<\"why\">";
  }

  /// Throws where the caller is compared with some of the tables, and others have nothing to do with these.
  constexpr void linked(Scope& scope) const {
    Links links;
    for (std::size_t i = 0; i < scope.size; ++i) links.group[i] = i;
    for (std::size_t i = 0; i < scope.size; ++i) {
      read(scope, links, scope.sources[i].on, scope.sources[i].on_end);
      for (std::size_t before = 0; scope.sources[i].shares_columns && before < i; ++before) links.join(before, i);
    }
    read(scope, links, scope.where, scope.where_end);
    std::size_t groups = 0;
    std::size_t asked = links.somewhere;
    for (std::size_t i = 0; i < scope.size; ++i) {
      bool stands = false;  // a table or view of the database is among them
      bool named = false;
      for (std::size_t each = 0; each < scope.size; ++each) {
        if (links.group[each] != i) continue;
        stands = stands || (!scope.sources[each].name.empty() && !scope.sources[each].computed);
        named = named || links.asked[each];
      }
      if (stands) ++groups;
      if (stands && named) ++asked;
    }
    scope.asked = asked > 0;
    if (scope.asked && asked < groups) not_linked();
  }

  /// The same for `EXISTS (…)` in a condition: `begin` is where its query begins.
  constexpr void linked_query(const Scope& outer, std::size_t begin, std::size_t end) const {
    if (outer.asked || outer.size == 0) return;
    bool asks = false;
    for (std::size_t i = begin; i < end; ++i) asks = asks || is_caller(i);
    if (!asks) return;
    std::size_t columns = 0;
    std::size_t unnamed = 0;
    const std::size_t where = find_clause(begin, end, [&](std::size_t i) { return tokens_.is(i, "where"); });
    for (std::size_t i = begin; i < end; ++i) {
      if (is_qualified(i)) {
        for (std::size_t each = 0; each < outer.size; ++each) {
          if (equal_ignoring_case(outer.sources[each].qualifier, tokens_.at(i).name())) return;
        }
      }
      if (i <= where) continue;
      if (tokens_.is(i, "and") || tokens_.is(i, "or")) columns = unnamed = 0;
      if (is_qualified(i)) {
        i += 2;
        ++columns;
      } else if (is_column(i)) {
        ++columns;
        ++unnamed;
      }
      if (unnamed > 0 && columns > 1) return;  // may be the outer table's
    }
    not_linked();
  }

 private:
  struct Links {
    std::size_t group[most_sources]{};
    bool asked[most_sources]{};
    std::size_t somewhere = 0;  // comparisons with the caller of a column that no table is named for

    constexpr void join(std::size_t a, std::size_t b) {
      const std::size_t from = group[b];
      const std::size_t to = group[a];
      for (std::size_t& each : group) {
        if (each == from) each = to;
      }
    }
  };

  constexpr bool is_caller(std::size_t i) const {
    const SqlToken token = tokens_.at(i);
    return token.kind == SqlTokenKind::placeholder &&
           (arguments_[token.argument].kind == Kind::user || arguments_[token.argument].kind == Kind::owned);
  }
  constexpr bool is_qualified(std::size_t i) const {
    return tokens_.at(i).is_name() && tokens_.at(i + 1).is_symbol('.') && tokens_.at(i + 2).is_name();
  }
  constexpr bool is_column(std::size_t i) const {
    if (!tokens_.at(i).is_name() || tokens_.is_open(i + 1)) return false;
    for (const std::string_view word : {"and",          "or",          "not",
                                        "null",         "is",          "in",
                                        "like",         "glob",        "match",
                                        "regexp",       "between",     "escape",
                                        "collate",      "nocase",      "binary",
                                        "rtrim",        "case",        "when",
                                        "then",         "else",        "end",
                                        "exists",       "true",        "false",
                                        "distinct",     "from",        "as",
                                        "isnull",       "notnull",     "select",
                                        "where",        "on",          "current_timestamp",
                                        "current_date", "current_time"}) {
      if (tokens_.is(i, word)) return false;
    }
    return true;
  }

  // A condition: each part between AND and OR for itself, at every depth.
  constexpr void read(const Scope& scope, Links& links, std::size_t begin, std::size_t end) const {
    bool found[most_sources]{};
    std::size_t columns = 0;
    bool unnamed = false;
    bool caller = false;
    const auto finish = [&] {
      std::size_t first = none;
      for (std::size_t i = 0; i < scope.size; ++i) {
        if (!found[i] && !(unnamed && columns > 1)) continue;
        if (first == none) first = i;
        links.join(first, i);
        links.asked[i] = links.asked[i] || caller;
        found[i] = false;
      }
      if (first == none && caller) ++links.somewhere;
      columns = 0;
      unnamed = caller = false;
    };
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_.is(i, "and") || tokens_.is(i, "or")) {
        finish();
      } else if (tokens_.is_subquery(i)) {
        // Asked there for the columns before IN, and for those that it names.
        bool asks = false;
        bool named = !tokens_.is(i - 1, "exists");
        for (std::size_t at = i; at < tokens_.close_of(i); ++at) {
          asks = asks || is_caller(at);
          if (is_qualified(at) && note(scope, found, at)) named = true;
        }
        caller = caller || (asks && named);
        i = tokens_.close_of(i);
      } else if (is_qualified(i)) {
        if (note(scope, found, i)) ++columns;
        i += 2;
      } else if (is_column(i)) {
        ++columns;
        unnamed = true;
      }
      caller = caller || is_caller(i);
    }
    finish();
  }
  constexpr bool note(const Scope& scope, bool (&found)[most_sources], std::size_t at) const {
    for (std::size_t i = 0; i < scope.size; ++i) {
      if (!equal_ignoring_case(scope.sources[i].qualifier, tokens_.at(at).name())) continue;
      found[i] = true;
      return true;
    }
    return false;
  }
};

}  // namespace sallyport::detail
