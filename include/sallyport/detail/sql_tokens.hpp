// SQL's tokens, read while compiling: what a query may not contain at all is refused here.
#pragma once

#include <sallyport/detail/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

enum class SqlTokenKind : unsigned char {
  end,
  word,
  text,
  name,  // a quoted name
  number,
  placeholder,  // ?
  list,         // ?...
  choice,       // {}
  open,
  close,
  other,
};

struct SqlToken {
  SqlTokenKind kind = SqlTokenKind::end;
  std::string_view text;
  std::size_t argument = 0;  ///< which value a ?, ?... or {} takes

  /// Whether this is the keyword `lower`, in any case.
  constexpr bool is(std::string_view lower) const noexcept {
    return kind == SqlTokenKind::word && equal_ignoring_case(text, lower);
  }
  constexpr bool is_name() const noexcept { return kind == SqlTokenKind::word || kind == SqlTokenKind::name; }
  constexpr bool is_symbol(char c) const noexcept {
    return kind == SqlTokenKind::other && text.size() == 1 && text[0] == c;
  }
  constexpr bool takes_value() const noexcept {
    return kind == SqlTokenKind::placeholder || kind == SqlTokenKind::list || kind == SqlTokenKind::choice;
  }
  /// The name without its quotes.
  constexpr std::string_view name() const noexcept {
    const bool quoted = kind == SqlTokenKind::name || kind == SqlTokenKind::text;
    return quoted && text.size() >= 2 ? text.substr(1, text.size() - 2) : text;
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
      case '{':
        if (!rest_.starts_with("{}")) throw "SQL-004: a brace stands in a query as {} only, for sp::order<…>";
        return {SqlTokenKind::choice, take(2), values_++};
      case '?':
        if (rest_.size() > 1 && is_digit(rest_[1])) throw "SQL-010: write plain ?, one for each value, in order: no ?1";
        if (rest_.starts_with("?...")) return {SqlTokenKind::list, take(4), values_++};
        return {SqlTokenKind::placeholder, take(1), values_++};
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
  std::size_t values_ = 0;
};

/// A query's tokens in an array of the caller's, with what readers of clauses need.
class SqlTokens {
 public:
  constexpr SqlTokens(const SqlToken* tokens, std::size_t size) : tokens_(tokens), size_(size) {}

  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  /// The token `i`, or the kind `end` beyond the last.
  [[nodiscard]] constexpr SqlToken at(std::size_t i) const noexcept { return i < size_ ? tokens_[i] : SqlToken{}; }
  /// Whether token `i` is the keyword `lower`, and not a column's name behind a dot.
  [[nodiscard]] constexpr bool is(std::size_t i, std::string_view lower) const noexcept {
    return i < size_ && tokens_[i].is(lower) && !(i >= 2 && tokens_[i - 1].is_symbol('.') && tokens_[i - 2].is_name());
  }
  [[nodiscard]] constexpr bool is_open(std::size_t i) const noexcept { return at(i).kind == SqlTokenKind::open; }
  /// Where the parenthesis that opens at `i` closes. They are balanced: `check_sql` has seen to it.
  [[nodiscard]] constexpr std::size_t close_of(std::size_t i) const noexcept {
    std::size_t depth = 0;
    for (; i < size_; ++i) {
      if (tokens_[i].kind == SqlTokenKind::open) ++depth;
      if (tokens_[i].kind == SqlTokenKind::close && --depth == 0) break;
    }
    return i;
  }
  /// The next token on the level of token `i`.
  [[nodiscard]] constexpr std::size_t after(std::size_t i) const noexcept {
    return is_open(i) ? close_of(i) + 1 : i + 1;
  }
  /// Whether a query in parentheses begins at `i`, with its parenthesis.
  [[nodiscard]] constexpr bool is_subquery(std::size_t i) const noexcept {
    return is_open(i) && (is(i + 1, "select") || is(i + 1, "with") || is(i + 1, "values"));
  }
  /// Whether what follows the rows of a SELECT (FROM, WHERE) begins at `i`.
  [[nodiscard]] constexpr bool ends_rows(std::size_t i) const noexcept {
    return is(i, "group") || is(i, "having") || is(i, "window") || is(i, "order") || is(i, "limit") ||
           is(i, "returning");
  }

 private:
  const SqlToken* tokens_;
  std::size_t size_;
};

}  // namespace sallyport::detail
