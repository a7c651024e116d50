// Reads every character of a query while compiling: one statement, no comments, which verb, which placeholders.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// The kind of a query, which decides which statements it may hold.
enum class SqlUse : unsigned char {
  read,    ///< on `const Db&`: SELECT only
  rows,    ///< on `Db&`, rows wanted: SELECT, or a change with RETURNING
  change,  ///< on `Db&`, no rows wanted: INSERT, UPDATE, DELETE
};

enum class SqlTokenKind : unsigned char { end, word, text, name, number, placeholder, open, close, other };

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::end;
  std::string_view text;

  /// Whether this is the keyword `lower`, in any case.
  constexpr bool is(std::string_view lower) const {
    if (kind != SqlTokenKind::word || text.size() != lower.size()) return false;
    for (std::size_t i = 0; i < lower.size(); ++i) {
      const char c = text[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != lower[i]) return false;
    }
    return true;
  }
};

/// SQLite's tokens (https://www.sqlite.org/lang.html, tokenize.c), less what a query here may not contain. What it
/// throws is a compile error: the constructor of `Sql` runs it in a constant expression.
class SqlScanner {
 public:
  constexpr explicit SqlScanner(std::string_view sql) : rest_(sql) {}

  constexpr SqlToken next() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t' || rest_[0] == '\r')) take(1);
    if (rest_.empty()) return {};
    const char c = rest_[0];
    if (is_letter(c)) return {SqlTokenKind::word, take_while_word()};
    if (is_digit(c)) return {SqlTokenKind::number, take_while_word()};
    switch (c) {
      case '\'':
        return {SqlTokenKind::text, take_quoted('\'')};
      case '"':
      case '`':
        return {SqlTokenKind::name, take_quoted(c)};
      case '[':
        return {SqlTokenKind::name, take_quoted(']')};
      case '(':
        return {SqlTokenKind::open, take(1)};
      case ')':
        return {SqlTokenKind::close, take(1)};
      case '?':
        if (rest_.size() > 1 && is_digit(rest_[1])) throw "SQL-010: write plain ?, one for each value, in order: no ?1";
        return {SqlTokenKind::placeholder, take(1)};
      case ':':
      case '@':
      case '$':
      case '#':
        throw "SQL-010: write plain ?, one for each value, in order: no :name, @name or $name";
      case ';':
        throw "SQL-002: one statement per query, and no ';': use db.transaction for several";
      case '-':
        if (rest_.starts_with("--")) throw "SQL-003: no comments inside a query: write them in C++";
        if (rest_.starts_with("->")) return {SqlTokenKind::other, take(rest_.starts_with("->>") ? 3 : 2)};
        return {SqlTokenKind::other, take(1)};
      case '/':
        if (rest_.starts_with("/*")) throw "SQL-003: no comments inside a query: write them in C++";
        return {SqlTokenKind::other, take(1)};
      default:
        if (c <= ' ' || c > '~') throw "SQL-004: a control character, NUL or non-ASCII letter outside quotes";
        return {SqlTokenKind::other, take(1)};
    }
  }

 private:
  static constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  static constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

  constexpr std::string_view take(std::size_t n) {
    const std::string_view taken = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return taken;
  }
  constexpr std::string_view take_while_word() {
    std::size_t n = 1;
    while (n < rest_.size() && (is_letter(rest_[n]) || is_digit(rest_[n]))) ++n;
    return take(n);
  }
  // A doubled quote inside stands for itself, except in [ ], which has no way to write its end.
  constexpr std::string_view take_quoted(char end) {
    for (std::size_t i = 1; i < rest_.size(); ++i) {
      if (rest_[i] == '\0') throw "SQL-004: NUL inside a query";
      if (rest_[i] != end) continue;
      if (end != ']' && i + 1 < rest_.size() && rest_[i + 1] == end) {
        ++i;
        continue;
      }
      return take(i + 1);
    }
    throw "SQL-004: a quote is opened and never closed";
  }

  std::string_view rest_;
};

/// What the scanner found out about a query.
struct SqlShape {
  bool reads = false;  ///< a SELECT: it runs on a read-only connection
  bool returns_rows = false;
};

// Text to the right of LIKE is a pattern: `%` and `_` in a user's text would match what they like. So it is a literal,
// or a `?` whose value was escaped by `contains` or `starts_with` (their type says so) together with the escape it
// needs.
constexpr void check_pattern(SqlScanner after_keyword, bool like) {
  const SqlToken pattern = after_keyword.next();
  const SqlToken following = after_keyword.next();
  const bool literal = pattern.kind == SqlTokenKind::text && !following.text.starts_with('|');
  const bool bound = like && pattern.kind == SqlTokenKind::placeholder && following.is("escape") &&
                     after_keyword.next().text == R"('\')";
  if (!literal && !bound && like)
    throw R"(SQL-008: write  LIKE ? ESCAPE '\\'  and bind sp::contains(…) or sp::starts_with(…))";
  if (!literal && !bound)
    throw "SQL-008: GLOB, MATCH and REGEXP take a literal pattern only: for a user's text use LIKE";
}

/// Checks a whole query. `is_pattern[i]` says whether argument `i` of `arguments` is a `LikePattern`.
constexpr SqlShape check_sql(std::string_view sql, SqlUse use, const bool* is_pattern, std::size_t arguments) {
  SqlScanner scanner(sql);
  SqlToken verb;
  SqlToken before;
  bool with = false;
  bool where = false;
  bool returning = false;
  std::size_t depth = 0;
  std::size_t placeholders = 0;
  for (SqlToken token = scanner.next(); token.kind != SqlTokenKind::end; before = token, token = scanner.next()) {
    if (verb.kind == SqlTokenKind::end && depth == 0) {
      if (token.is("select") || token.is("insert") || token.is("update") || token.is("delete")) {
        verb = token;
        continue;
      }
      if (!with && !token.is("with")) throw "SQL-011: a query starts with SELECT, INSERT, UPDATE, DELETE or WITH";
      with = true;
    }
    switch (token.kind) {
      case SqlTokenKind::open:
        ++depth;
        break;
      case SqlTokenKind::close:
        if (depth == 0) throw "SQL-004: a parenthesis is closed and was never opened";
        --depth;
        break;
      case SqlTokenKind::placeholder:
        if (placeholders == arguments) throw "SQL-001: there are more ? in the query than values after it";
        if (is_pattern[placeholders] != before.is("like"))
          throw "SQL-008: LIKE takes sp::contains or sp::starts_with, nothing else does";
        if (before.text == "->" || before.text == "->>") throw "SQL-012: a JSON path is a literal, never a value";
        ++placeholders;
        break;
      case SqlTokenKind::word:
        if (token.is("like")) check_pattern(scanner, true);
        if (token.is("glob") || token.is("match") || token.is("regexp")) check_pattern(scanner, false);
        if (token.is("load_extension")) throw "SQL-011: load_extension is never run";
        if (depth == 0 && token.is("where")) where = true;
        if (depth == 0 && token.is("returning")) returning = true;
        break;
      default:
        break;
    }
  }
  if (depth != 0) throw "SQL-004: a parenthesis is opened and never closed";
  if (verb.kind == SqlTokenKind::end) throw "SQL-011: a query starts with SELECT, INSERT, UPDATE, DELETE or WITH";
  if (placeholders != arguments) throw "SQL-001: there are fewer ? in the query than values after it";
  const bool reads = verb.is("select");
  if (use == SqlUse::read && !reads) throw "SQL-005: const Db& runs SELECT only: take Db&, which a GET handler may not";
  if (use == SqlUse::change && reads) throw "SQL-013: run() changes rows: read with one, maybe or all";
  if (use == SqlUse::rows && !reads && !returning) throw "SQL-013: this answers no rows: add RETURNING, or use run()";
  if ((verb.is("update") || verb.is("delete")) && !where)
    throw "SQL-007: say which rows: add WHERE …, or WHERE TRUE for every row";
  return {reads, reads || returning};
}

}  // namespace sallyport::detail
