// Reads every token of a query while compiling: one statement, no comments, which verb, which placeholders.
#pragma once

#include <sallyport/detail/own_tables.hpp>
#include <sallyport/detail/sql_arguments.hpp>
#include <sallyport/detail/sql_json.hpp>
#include <sallyport/detail/sql_sizes.hpp>
#include <sallyport/detail/sql_tokens.hpp>
#include <sallyport/detail/sql_wide_changes.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace sallyport::detail {

/// The kind of a query, which decides which statements it may hold.
enum class SqlUse : unsigned char {
  read,    ///< on `const Db&`: SELECT only
  rows,    ///< on `Db&`, rows wanted: SELECT, or a change with RETURNING
  change,  ///< on `Db&`, no rows wanted: INSERT, UPDATE, DELETE
};

/// What the scanner found out about a query.
struct SqlShape {
  bool reads = false;  ///< a SELECT: it runs on a read-only connection
  bool returns_rows = false;
};

/// The checks that need no knowledge of tables. What they throw is a compile error.
class SqlRules {
 public:
  constexpr SqlRules(SqlTokens tokens, std::span<const SqlArgument> arguments, bool own_tables)
      : tokens_(tokens), arguments_(arguments), own_tables_(own_tables) {}

  constexpr SqlShape check(SqlUse use) const {
    const std::size_t verb = check_level();
    const bool narrows = tokens_.is(verb, "update") || tokens_.is(verb, "delete");
    const SqlJsonRules json(tokens_, tokens_.is(verb, "insert") || tokens_.is(verb, "update"));
    std::size_t values = 0;
    for (std::size_t i = 0; i < tokens_.size(); ++i) check_token(i, values, json);
    if (values != arguments_.size()) throw "SQL-001: there are fewer ? in the query than values after it";
    if (narrows && !own_tables_) SqlWideChanges(tokens_, arguments_).check(verb);
    return shape(verb, use);
  }

 private:
  using Kind = SqlArgument::Kind;

  // Parentheses, the verb, and AND beside OR. Answers where the verb stands.
  constexpr std::size_t check_level() const {
    constexpr std::size_t deepest = 48;
    struct Level {
      bool has_and = false;
      bool has_or = false;
      std::size_t betweens = 0;
      bool is_case = false;
    };
    Level levels[deepest]{};
    std::size_t level = 0;
    std::size_t verb = tokens_.size();
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const SqlToken token = tokens_.at(i);
      if (verb == tokens_.size() && level == 0) {
        if (is_verb(i)) {
          verb = i;
        } else if (i == 0 && !token.is("with")) {
          if (token.is("replace"))
            throw "SQL-015: REPLACE deletes whoever's row is in the way: INSERT … ON CONFLICT (…) DO UPDATE";
          throw "SQL-011: a query starts with SELECT, INSERT, UPDATE, DELETE or WITH";
        }
      }
      Level& now = levels[level];
      if (token.kind == SqlTokenKind::open || tokens_.is(i, "case")) {
        if (++level == deepest) throw "SQL-004: parentheses are nested too deeply";
        levels[level] = Level{};
        levels[level].is_case = token.kind != SqlTokenKind::open;
      } else if (token.kind == SqlTokenKind::close || (now.is_case && tokens_.is(i, "end"))) {
        if (level == 0 || now.is_case != (token.kind != SqlTokenKind::close))
          throw "SQL-004: a parenthesis is closed and was never opened";
        --level;
      } else if (tokens_.is(i, "between")) {
        ++now.betweens;
      } else if (tokens_.is(i, "and")) {
        if (now.betweens > 0) {
          --now.betweens;
        } else {
          now.has_and = true;
        }
      } else if (tokens_.is(i, "or") && !(i > 0 && (tokens_.is(i - 1, "insert") || tokens_.is(i - 1, "update")))) {
        now.has_or = true;
      } else if (token.is_symbol(',') || begins_expression(i)) {
        now.has_and = now.has_or = false;
      }
      if (now.has_and && now.has_or)
        throw "SQL-014: AND binds tighter than OR: add parentheses, as in owner = ? AND (a = ? OR b = ?)";
    }
    if (level != 0) throw "SQL-004: a parenthesis is opened and never closed";
    if (verb == tokens_.size()) throw "SQL-011: a query starts with SELECT, INSERT, UPDATE, DELETE or WITH";
    return verb;
  }

  constexpr bool is_verb(std::size_t i) const {
    return tokens_.is(i, "select") || tokens_.is(i, "insert") || tokens_.is(i, "update") || tokens_.is(i, "delete");
  }
  constexpr bool begins_expression(std::size_t i) const {
    return tokens_.is(i, "select") || tokens_.is(i, "from") || tokens_.is(i, "where") || tokens_.is(i, "on") ||
           tokens_.is(i, "having") || tokens_.is(i, "group") || tokens_.is(i, "order") || tokens_.is(i, "limit") ||
           tokens_.is(i, "set") || tokens_.is(i, "when") || tokens_.is(i, "then") || tokens_.is(i, "else") ||
           tokens_.is(i, "join") || tokens_.is(i, "union") || tokens_.is(i, "intersect") || tokens_.is(i, "except") ||
           tokens_.is(i, "returning");
  }

  constexpr void check_token(std::size_t i, std::size_t& values, const SqlJsonRules& json) const {
    const SqlToken token = tokens_.at(i);
    switch (token.kind) {
      case SqlTokenKind::placeholder:
      case SqlTokenKind::list:
      case SqlTokenKind::choice:
        if (values++ == arguments_.size()) throw "SQL-001: there are more ? in the query than values after it";
        return check_value(i);
      case SqlTokenKind::word:
        check_name(token);
        if (tokens_.is_open(i + 1)) check_call(i, json);
        return check_word(i);
      case SqlTokenKind::name:
        check_name(token);
        if (tokens_.is_open(i + 1)) check_call(i, json);
        return check_quoted_call(i);
      case SqlTokenKind::text:
        // SQLite takes a text for a name where only a name can stand.
        if (tokens_.is(i - 1, "from") || tokens_.is(i - 1, "join") || tokens_.is(i - 1, "into") ||
            tokens_.is(i - 1, "update") || tokens_.is(i - 1, "in"))
          throw "OWN-002: a table's name stands without single quotes";
        return check_name(token);
      case SqlTokenKind::other:
        if (token.text == "->" || token.text == "->>") json.check_arrow(i);
        return;
      default:
        return;
    }
  }

  constexpr void check_call(std::size_t i, const SqlJsonRules& json) const {
    json.check_call(i);
    SqlSizeRules(tokens_).check_call(i);
  }

  constexpr void check_name(const SqlToken& token) const {
    if (!own_tables_ && !may_read_table(token.name()))
      throw "SQL-016: sallyport_… tables are the framework's: AccountsAdmin& changes accounts; join sallyport_people (id, name)";
    if (!own_tables_ && token.kind != SqlTokenKind::text && is_table_of_sqlite(token.name()))
      throw "SQL-020: sqlite_… and pragma_… are the database's own: an application's query names its tables only";
  }

  constexpr void check_value(std::size_t i) const {
    const SqlToken token = tokens_.at(i);
    const Kind kind = arguments_[token.argument].kind;
    if ((kind == Kind::pattern) != (i > 0 && tokens_.is(i - 1, "like")))
      throw "SQL-008: LIKE takes sp::contains or sp::starts_with, nothing else does";
    if ((kind == Kind::words) != (i > 0 && tokens_.is(i - 1, "match")))
      throw "SQL-008: MATCH takes sp::match_words(text), nothing else does";
    if ((kind == Kind::list) != (token.kind == SqlTokenKind::list))
      throw "SQL-018: several values stand for ?... in parentheses: id IN (?...)";
    if (kind == Kind::list && !(tokens_.is(i - 2, "in") && tokens_.is_open(i - 1) && tokens_.close_of(i - 1) == i + 1))
      throw "SQL-018: several values stand for ?... in parentheses: id IN (?...)";
    if ((kind == Kind::order) != (token.kind == SqlTokenKind::choice) ||
        (kind == Kind::order && !(tokens_.is(i - 1, "by") && tokens_.is(i - 2, "order"))))
      throw "SQL-017: a column to order by is chosen with ORDER BY {} and sp::order<\"title\", \"updated\">(text)";
    for (std::size_t other = 0; other < arguments_.size(); ++other) {
      if (other != token.argument && arguments_[other].kind == kind && (kind == Kind::list || kind == Kind::order))
        throw "SQL-018: a query takes one ?... and one {} at most: write two queries";
    }
  }

  // In quotes a function's name is no keyword, and still the function's.
  constexpr void check_quoted_call(std::size_t i) const {
    if (!tokens_.is_open(i + 1)) return;
    for (const std::string_view name : {"like", "glob", "match", "regexp", "load_extension"}) {
      if (equal_ignoring_case(tokens_.at(i).name(), name)) throw "SQL-008: write LIKE, GLOB and MATCH without quotes";
    }
    check_table_function(i);
  }

  constexpr void check_word(std::size_t i) const {
    if (tokens_.is(i, "like")) check_pattern(i + 1, true);
    if (tokens_.is(i, "glob") || tokens_.is(i, "match") || tokens_.is(i, "regexp")) check_pattern(i + 1, false);
    if (tokens_.is(i, "load_extension")) throw "SQL-011: load_extension is never run";
    if (tokens_.is(i, "replace") && tokens_.is(i - 1, "or"))
      throw "SQL-015: OR REPLACE deletes whoever's row is in the way: INSERT … ON CONFLICT (…) DO UPDATE";
    if (tokens_.is(i, "by") && i > 0) check_terms(i + 1);
    if (tokens_.is_open(i + 1)) check_table_function(i);
  }

  // Text to the right of LIKE is a pattern: `%` and `_` in a user's text would match what they like. So it is a
  // literal, or a `?` whose value was escaped by `contains` or `starts_with` (their type says so) together with the
  // escape it needs. MATCH has a language of its own: `match_words` quotes every word.
  constexpr void check_pattern(std::size_t i, bool like) const {
    const SqlToken pattern = tokens_.at(i);
    if (pattern.kind == SqlTokenKind::text && !tokens_.at(i + 1).is_symbol('|')) return;
    if (like) {
      if (pattern.kind == SqlTokenKind::placeholder && tokens_.is(i + 1, "escape") &&
          tokens_.at(i + 2).text == R"('\')")
        return;
      throw R"(SQL-008: write  LIKE ? ESCAPE '\\'  and bind sp::contains(…) or sp::starts_with(…))";
    }
    if (tokens_.is(i - 1, "match") && pattern.kind == SqlTokenKind::placeholder &&
        arguments_[pattern.argument].kind == Kind::words && !tokens_.at(i + 1).is_symbol('|'))
      return;
    throw "SQL-008: GLOB, MATCH, REGEXP take a literal; for a user's text: MATCH ? with sp::match_words(text)";
  }

  // A term that names no column is the same for every row, and orders nothing.
  constexpr void check_terms(std::size_t i) const {
    bool value = false;
    bool column = false;
    std::size_t depth = 0;
    for (;; ++i) {
      const SqlToken token = tokens_.at(i);
      const bool ends = token.kind == SqlTokenKind::end || (depth == 0 && token.kind == SqlTokenKind::close) ||
                        (depth == 0 && (token.is_symbol(',') || tokens_.ends_rows(i) || tokens_.is(i, "rows") ||
                                        tokens_.is(i, "range") || tokens_.is(i, "groups")));
      if (ends) {
        if (value && !column)
          throw "SQL-017: a value orders nothing: ORDER BY {} with sp::order<\"title\", \"updated\">(text)";
        value = column = false;
        if (!token.is_symbol(',')) return;
        continue;
      }
      if (token.kind == SqlTokenKind::open) ++depth;
      if (token.kind == SqlTokenKind::close) --depth;
      if (token.kind == SqlTokenKind::placeholder) value = true;
      if (token.is_name() && names_column(i)) column = true;
    }
  }
  constexpr bool names_column(std::size_t i) const {
    for (const std::string_view word :
         {"asc", "desc", "nulls", "first", "last", "collate", "as", "cast", "null", "not", "is", "and", "or"}) {
      if (tokens_.is(i, word)) return false;
    }
    return !tokens_.is_open(i + 1) && !tokens_.is(i - 1, "as") && !tokens_.is(i - 1, "collate");
  }

  // `FROM words(?)` is MATCH in another spelling.
  constexpr void check_table_function(std::size_t i) const {
    if (i == 0 || !(tokens_.is(i - 1, "from") || tokens_.is(i - 1, "join") || tokens_.at(i - 1).is_symbol(','))) return;
    for (const std::string_view known : {"json_each", "json_tree", "jsonb_each", "jsonb_tree", "generate_series"}) {
      if (equal_ignoring_case(tokens_.at(i).name(), known)) return;
    }
    // Behind a comma it may be any function: of those only a FROM clause is of interest.
    if (tokens_.at(i - 1).is_symbol(',') && !in_from(i)) return;
    for (std::size_t at = i + 2; at < tokens_.close_of(i + 1); ++at) {
      if (tokens_.at(at).takes_value())
        throw "SQL-008: a table called like a function takes no value: write FROM words WHERE words MATCH ?";
    }
  }
  constexpr bool in_from(std::size_t i) const {
    std::size_t depth = 0;
    while (i-- > 0) {
      if (tokens_.at(i).kind == SqlTokenKind::close) ++depth;
      if (tokens_.at(i).kind == SqlTokenKind::open && depth-- == 0) return false;
      if (depth != 0) continue;
      if (tokens_.is(i, "from")) return true;
      if (tokens_.is(i, "select") || tokens_.is(i, "where") || tokens_.is(i, "set") || tokens_.is(i, "by") ||
          tokens_.is(i, "returning") || tokens_.is(i, "on") || tokens_.is(i, "having"))
        return false;
    }
    return false;
  }

  constexpr SqlShape shape(std::size_t verb, SqlUse use) const {
    bool where = false;
    bool returning = false;
    for (std::size_t i = verb; i < tokens_.size(); i = tokens_.after(i)) {
      if (tokens_.is(i, "where")) where = where || chooses_rows(i + 1);
      returning = returning || tokens_.is(i, "returning");
    }
    const bool reads = tokens_.is(verb, "select");
    if (use == SqlUse::read && !reads)
      throw "SQL-005: const Db& runs SELECT only: take Db&, which a GET handler may not";
    if (use == SqlUse::change && reads) throw "SQL-013: run() changes rows: read with one, maybe or all";
    if (use == SqlUse::rows && !reads && !returning) throw "SQL-013: this answers no rows: add RETURNING, or use run()";
    if ((tokens_.is(verb, "update") || tokens_.is(verb, "delete")) && !where)
      throw "SQL-007: say which rows: add WHERE …, or WHERE TRUE for every row";
    return {reads, reads || returning};
  }

  // A condition that names a column, or TRUE: that of `WHERE 1` chooses nothing.
  constexpr bool chooses_rows(std::size_t begin) const {
    if (tokens_.is(begin, "true")) return true;
    for (std::size_t i = begin; i < tokens_.size() && !tokens_.is(i, "returning"); ++i) {
      const SqlToken token = tokens_.at(i);
      const bool operates = token.is("and") || token.is("or") || token.is("not") || token.is("is") ||
                            token.is("null") || token.is("like") || token.is("between") || token.is("in") ||
                            token.is("true") || token.is("false");
      if (token.is_name() && !operates) return true;
    }
    return false;
  }

  SqlTokens tokens_;
  std::span<const SqlArgument> arguments_;
  bool own_tables_;
};

/// Reads the tokens of `sql` into `out`, which has room for `sql.size()` of them.
constexpr SqlTokens read_tokens(std::string_view sql, SqlToken* out) {
  SqlScanner scanner(sql);
  std::size_t size = 0;
  for (SqlToken token = scanner.next(); token.kind != SqlTokenKind::end; token = scanner.next()) out[size++] = token;
  return {out, size};
}

}  // namespace sallyport::detail
