// JSON in queries: paths are literals, and a client's document does not become a column's.
#pragma once

#include <sallyport/detail/sql_tokens.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// The checks of one query's calls of JSON functions. What they throw is a compile error.
class SqlJsonRules {
 public:
  constexpr SqlJsonRules(SqlTokens tokens, bool changes) : tokens_(tokens), changes_(changes) {}

  // `? -> '$'` is the value itself, or a part of it with whatever is in there.
  constexpr void check_arrow(std::size_t i) const {
    check_path(i + 1);
    const bool whole = tokens_.at(i).text == "->" || tokens_.at(i + 1).text == "'$'";
    if (changes_ && whole && i > 0 && tokens_.at(i - 1).takes_value()) refuse_document();
  }

  /// The call whose name stands at `i`.
  constexpr void check_call(std::size_t i) const {
    const std::string_view name = tokens_.at(i).name();
    const auto is = [&](std::string_view plain, std::string_view binary) {
      return equal_ignoring_case(name, plain) || equal_ignoring_case(name, binary);
    };
    if (is("json", "jsonb")) {
      if (changes_ && takes_value(i + 2, tokens_.close_of(i + 1))) refuse_document();
    } else if (is("json_group_object", "jsonb_group_object")) {
      if (changes_ && reads_document()) refuse_document();
    } else if (is("json_patch", "jsonb_patch")) {
      check_patch(i + 1);
    } else if (is("json_set", "jsonb_set") || is("json_insert", "jsonb_insert") ||
               is("json_replace", "jsonb_replace") || is("json_array_insert", "jsonb_array_insert")) {
      check_paths(i + 1, true, true);
    } else if (is("json_remove", "jsonb_remove")) {
      check_paths(i + 1, false, true);
    } else if (is("json_extract", "jsonb_extract") || is("json_type", "json_array_length") ||
               is("json_each", "json_tree") || is("jsonb_each", "jsonb_tree")) {
      check_paths(i + 1, false, false);
      const std::size_t close = tokens_.close_of(i + 1);
      const bool whole = is("json_extract", "jsonb_extract") && tokens_.at(close - 1).text == "'$'";
      if (changes_ && whole && takes_value(i + 1, close)) refuse_document();
    }
  }

 private:
  // A path is a text or a number that stands in the query.
  constexpr void check_path(std::size_t i) const {
    if (tokens_.at(i).is_symbol('-')) ++i;
    const SqlTokenKind kind = tokens_.at(i).kind;
    if (kind != SqlTokenKind::text && kind != SqlTokenKind::number) refuse_path();
  }

  template <int = 0>
  [[noreturn]] static constexpr void refuse_path() {
    throw "SQL-012: a JSON path is a literal, never a value or a column: write one query for each path";
  }
  template <int = 0>
  [[noreturn]] static constexpr void refuse_document() {
    throw "SQL-019: any member of this JSON gets in: json_set(data, '$.theme', ?) for each one that may change";
  }

  // In the parentheses at `open`. `document`: what is made of the first argument is kept, so it is no value.
  constexpr void check_paths(std::size_t open, bool writes, bool document) const {
    const std::size_t end = tokens_.close_of(open);
    std::size_t part = 0;
    std::size_t begin = open + 1;
    for (std::size_t at = begin; at <= end; at = tokens_.after(at)) {
      if (at != end && !tokens_.at(at).is_symbol(',')) continue;
      const bool path = part > 0 && (!writes || part % 2 == 1);
      if (path && !(at == begin + 1 && tokens_.at(begin).kind == SqlTokenKind::text)) refuse_path();
      if (document && part == 0 && (takes_value(begin, at) || names_new_row(begin, at))) refuse_document();
      ++part;
      begin = at + 1;
      if (at == end) break;
    }
  }

  // What is merged into a column stands in the query.
  constexpr void check_patch(std::size_t open) const {
    const std::size_t end = tokens_.close_of(open);
    if (takes_value(open, end)) refuse_document();
    const bool literal = tokens_.at(end - 1).kind == SqlTokenKind::text && tokens_.at(end - 2).is_symbol(',');
    if (changes_ && !literal) refuse_document();
  }

  // `json_each(?)`: the members of a value, which can be put together again.
  constexpr bool reads_document() const {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const std::string_view name = tokens_.at(i).name();
      const bool reads = equal_ignoring_case(name, "json_each") || equal_ignoring_case(name, "json_tree") ||
                         equal_ignoring_case(name, "jsonb_each") || equal_ignoring_case(name, "jsonb_tree");
      if (reads && tokens_.is_open(i + 1) && takes_value(i + 1, tokens_.close_of(i + 1))) return true;
    }
    return false;
  }
  constexpr bool takes_value(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_.at(i).takes_value()) return true;
    }
    return false;
  }
  // `excluded.data` is the value that INSERT was given.
  constexpr bool names_new_row(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (equal_ignoring_case(tokens_.at(i).name(), "excluded")) return true;
    }
    return false;
  }

  SqlTokens tokens_;
  bool changes_;
};

}  // namespace sallyport::detail
