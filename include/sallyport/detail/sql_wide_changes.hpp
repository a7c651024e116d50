// UPDATE and DELETE change no more rows because a value is absent: `? IS NULL OR title = ?` is every row then.
#pragma once

#include <sallyport/detail/sql_arguments.hpp>
#include <sallyport/detail/sql_tokens.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace sallyport::detail {

/// The check of an UPDATE or DELETE. What it throws is a compile error.
class SqlWideChanges {
 public:
  constexpr SqlWideChanges(SqlTokens tokens, std::span<const SqlArgument> arguments)
      : tokens_(tokens), arguments_(arguments) {}

  /// `verb`: where UPDATE or DELETE stands, behind what WITH names.
  constexpr void check(std::size_t verb) const {
    std::size_t rest = verb;
    if (tokens_.is(verb, "update")) {
      while (rest < tokens_.size() && !tokens_.is(rest, "set")) rest = tokens_.after(rest);
      // What SET gives may be absent: `title = coalesce(?, title)`.
      while (rest < tokens_.size() && !tokens_.is(rest, "where") &&
             !(tokens_.is(rest, "from") && !tokens_.is(rest - 1, "distinct")) && !tokens_.ends_rows(rest))
        rest = tokens_.after(rest);
    }
    conditions(0, verb);
    std::size_t end = rest;
    while (end < tokens_.size() && !tokens_.is(end, "returning")) end = tokens_.after(end);
    conditions(rest, end);
  }

 private:
  template <int = 0>
  [[noreturn]] static constexpr void refuse() {
    throw "SQL-021: an absent value would change every row: write two statements and choose between them in C++";
  }

  // Finds what stands behind WHERE, ON and HAVING. A value elsewhere could be asked there, by another name, whether it is absent.
  constexpr void conditions(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_.is(i, "where") || tokens_.is(i, "on") || tokens_.is(i, "having")) {
        std::size_t stop = i + 1;
        while (stop < end && tokens_.at(stop).kind != SqlTokenKind::close && !ends(stop)) stop = tokens_.after(stop);
        whole(i + 1, stop);
        i = stop - 1;
      } else if (tokens_.at(i).takes_value() && !tokens_.is(i - 1, "limit") && !tokens_.is(i - 1, "offset")) {
        refuse();
      }
    }
  }
  constexpr bool ends(std::size_t i) const {
    return tokens_.ends_rows(i) || tokens_.is(i, "where") || tokens_.is(i, "join") || tokens_.is(i, "left") ||
           tokens_.is(i, "inner") || tokens_.is(i, "cross") || tokens_.is(i, "union") || tokens_.is(i, "except") ||
           tokens_.is(i, "intersect");
  }

  constexpr void whole(std::size_t begin, std::size_t end) const {
    if (value_alone(begin, end)) refuse();
    parts(begin, end);
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_.is_open(i)) parts(i + 1, tokens_.close_of(i));
      if (tokens_.is(i, "where") || tokens_.is(i, "on") || tokens_.is(i, "having")) inner(i + 1, end);
      if (tokens_.at(i).takes_value()) value(i);
      if (tokens_.is(i, "case")) chosen(i, end);
      if (tokens_.is_open(i + 1)) call(i);
      if (tokens_.at(i).kind == SqlTokenKind::close && asks_for_null(i + 1) && takes_value(open_of(i), i)) refuse();
    }
  }

  // A condition of a query within the condition.
  constexpr void inner(std::size_t begin, std::size_t end) const {
    std::size_t stop = begin;
    while (stop < end && tokens_.at(stop).kind != SqlTokenKind::close && !ends(stop)) stop = tokens_.after(stop);
    if (value_alone(begin, stop)) refuse();
    parts(begin, stop);
  }

  // The parts of `a AND b`, `a OR b`: none is about a value and no column.
  constexpr void parts(std::size_t begin, std::size_t end) const {
    std::size_t part = begin;
    bool several = false;
    for (std::size_t i = begin; i < end; i = tokens_.after(i)) {
      if (!tokens_.is(i, "or") && !(tokens_.is(i, "and") && !in_between(begin, i))) continue;
      if (value_alone(part, i)) refuse();
      part = i + 1;
      several = true;
    }
    if (several && value_alone(part, end)) refuse();
  }
  constexpr bool in_between(std::size_t begin, std::size_t i) const {
    while (i-- > begin) {
      if (tokens_.is(i, "between")) return true;
      if (tokens_.is(i, "and") || tokens_.is(i, "or")) return false;
    }
    return false;
  }
  constexpr bool value_alone(std::size_t begin, std::size_t end) const {
    bool value = false;
    for (std::size_t i = begin; i < end; ++i) {
      value = value || tokens_.at(i).takes_value();
      if (tokens_.at(i).is_name() && !is_keyword(i) && !tokens_.is_open(i + 1) && !tokens_.is(i - 1, "as") &&
          !tokens_.is(i - 1, "collate"))
        return false;
    }
    return value;
  }
  constexpr bool is_keyword(std::size_t i) const {
    for (const std::string_view word :
         {"null", "is",   "not", "and",     "or",   "true",   "false", "isnull",   "notnull", "case",  "when",
          "then", "else", "end", "between", "like", "escape", "in",    "distinct", "from",    "select"}) {
      if (tokens_.is(i, word)) return true;
    }
    return false;
  }
  constexpr bool takes_value(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_.at(i).takes_value()) return true;
    }
    return false;
  }
  constexpr bool asks_for_null(std::size_t i) const {
    return tokens_.is(i, "is") || tokens_.is(i, "isnull") || tokens_.is(i, "notnull") ||
           (tokens_.is(i, "not") && tokens_.is(i + 1, "null"));
  }
  constexpr std::size_t open_of(std::size_t close) const {
    std::size_t depth = 0;
    for (std::size_t i = close;; --i) {
      if (tokens_.at(i).kind == SqlTokenKind::close) ++depth;
      if (tokens_.at(i).kind == SqlTokenKind::open && --depth == 0) return i;
      if (i == 0) return 0;
    }
  }

  // `? IS NULL`; and `title IS NOT ?`, which is every title where the value is absent.
  constexpr void value(std::size_t i) const {
    if (asks_for_null(i + 1)) refuse();
    if (!arguments_[tokens_.at(i).argument].may_be_null) return;
    if (tokens_.is(i - 1, "not") && tokens_.is(i - 2, "is")) refuse();
    if (tokens_.is(i - 1, "from") && tokens_.is(i - 2, "distinct") && !tokens_.is(i - 3, "not")) refuse();
  }
  // `CASE WHEN ? IS NULL THEN …`, `CASE ? WHEN …`, `CASE WHEN title = ? THEN … ELSE 1 END`.
  constexpr void chosen(std::size_t i, std::size_t end) const {
    std::size_t close = i + 1;
    while (close < end && !tokens_.is(close, "end")) close = tokens_.after(close);
    if (takes_value(i, close)) refuse();
  }
  // A default for what is absent.
  constexpr void call(std::size_t i) const {
    for (const std::string_view name : {"coalesce", "ifnull", "iif", "if", "nullif"}) {
      if (tokens_.at(i).is_name() && equal_ignoring_case(tokens_.at(i).name(), name) &&
          takes_value(i + 1, tokens_.close_of(i + 1)))
        refuse();
    }
  }

  SqlTokens tokens_;
  std::span<const SqlArgument> arguments_;
};

}  // namespace sallyport::detail
