// Functions of SQL whose result is as large, or whose work as long, as a value says: that stands in the query.
#pragma once

#include <sallyport/detail/sql_tokens.hpp>

#include <cstddef>
#include <string_view>

namespace sallyport::detail {

/// What they throw is a compile error. A statement's deadline does not end them: it is looked at between steps, and each is one step.
class SqlSizeRules {
 public:
  constexpr explicit SqlSizeRules(SqlTokens tokens) : tokens_(tokens) {}

  /// The call whose name stands at `i`.
  constexpr void check_call(std::size_t i) const {
    const std::string_view name = tokens_.at(i).name();
    const std::size_t close = tokens_.close_of(i + 1);
    if (equal_ignoring_case(name, "printf") || equal_ignoring_case(name, "format")) {
      check_format(i + 2);
    } else if (equal_ignoring_case(name, "zeroblob") || equal_ignoring_case(name, "randomblob")) {
      const SqlToken size = tokens_.at(i + 2);
      if (close != i + 3 || size.kind != SqlTokenKind::number || size.text.size() > most_digits)
        throw "SQL-022: how many bytes zeroblob and randomblob make stands in the query as a number: randomblob(16)";
    } else if (equal_ignoring_case(name, "trim") || equal_ignoring_case(name, "ltrim") ||
               equal_ignoring_case(name, "rtrim")) {
      check_trimmed(i + 1, close);
    }
  }

 private:
  static constexpr std::size_t most_digits = 7;  // of ten million bytes
  static constexpr std::size_t widest = 4;       // digits of a width

  // `*` takes the width from a value, and so does a format that is not known here.
  constexpr void check_format(std::size_t i) const {
    const SqlToken format = tokens_.at(i);
    const SqlToken next = tokens_.at(i + 1);
    if (format.kind != SqlTokenKind::text || !(next.is_symbol(',') || next.kind == SqlTokenKind::close))
      throw "SQL-022: the format of printf and format is a 'literal', whose widths stand in it: format('%05d', n)";
    const std::string_view text = format.text;
    for (std::size_t at = text.find('%'); at != text.npos; at = text.find('%', at)) {
      ++at;
      std::size_t digits = 0;
      for (; at < text.size() && !is_conversion(text[at]); ++at) {
        digits = text[at] >= '0' && text[at] <= '9' ? digits + 1 : 0;
        if (text[at] == '*' || digits > widest)
          throw "SQL-022: a width is at most 9999 and stands in the format: format('%05d', n), not format('%*d', w, n)";
      }
      if (at < text.size()) ++at;  // %%
    }
  }
  static constexpr bool is_conversion(char c) {
    return (c >= 'a' && c <= 'z' && c != 'l') || (c >= 'A' && c <= 'Z') || c == '%';
  }

  // trim(text, characters) looks for each character among all of the others.
  constexpr void check_trimmed(std::size_t open, std::size_t close) const {
    for (std::size_t at = open + 1; at < close; at = tokens_.after(at)) {
      if (!tokens_.at(at).is_symbol(',')) continue;
      if (at + 2 != close || tokens_.at(at + 1).kind != SqlTokenKind::text)
        throw "SQL-022: the characters that trim takes away stand in the query: trim(title, ' -')";
    }
  }

  SqlTokens tokens_;
};

}  // namespace sallyport::detail
