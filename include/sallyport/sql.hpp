// Sql: the text of a query, a literal that was read and checked while compiling.
#pragma once

#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/own_tables.hpp>
#include <sallyport/detail/sql_scanner.hpp>
#include <sallyport/detail/sql_value.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace sallyport {

/// A user's text as a pattern for `LIKE ? ESCAPE '\'` (in C++: `"… LIKE ? ESCAPE '\\'"`), with `%`, `_` and `\` taken
/// literally. LIKE ignores the case of ASCII letters only.
class LikePattern {
 public:
  std::string_view view() const noexcept { return pattern_; }

 private:
  friend LikePattern contains(std::string_view text);
  friend LikePattern starts_with(std::string_view text);
  explicit LikePattern(std::string pattern) : pattern_(std::move(pattern)) {}
  std::string pattern_;
};

/// Matches what contains `text` anywhere.
[[nodiscard]] LikePattern contains(std::string_view text);
/// Matches what starts with `text`.
[[nodiscard]] LikePattern starts_with(std::string_view text);

/// The text of one query for arguments of the types `Args`, made by the compiler from a literal and from nothing else.
/// The mistakes that it answers with a code:
///
/// | code    | mistake |
/// |---------|---------|
/// | SQL-001 | the number of `?` is not the number of values |
/// | SQL-002 | more than one statement |
/// | SQL-003 | a comment |
/// | SQL-004 | an unterminated quote or parenthesis, NUL, control or non-ASCII characters outside quotes |
/// | SQL-005 | a change through `const Db&` |
/// | SQL-006 | a value of a type that no column holds, or a secret |
/// | SQL-007 | UPDATE or DELETE without WHERE |
/// | SQL-008 | a pattern (LIKE, GLOB …) that is not a literal and not a `LikePattern` |
/// | SQL-009 | query text that is not a literal |
/// | SQL-010 | `?1`, `:name`, `@name`, `$name` |
/// | SQL-011 | a verb other than SELECT, INSERT, UPDATE, DELETE, WITH |
/// | SQL-012 | a JSON path that is a value |
/// | SQL-013 | rows wanted of a statement that has none, or the reverse |
template <detail::SqlUse Use, class... Args>
class Sql {
  static_assert((!detail::SecretArgument<Args>::value && ...),
                "SQL-006: a secret is not stored as it is: accounts keep passwords, seal() encrypts the rest");
  static_assert((detail::Bindable<Args>::value && ...),
                "SQL-006: a value must be a number, bool, enum, text, Id, time point, bytes, or an optional of one (no "
                "pointers, no char)");

 public:
  template <std::size_t N>
  consteval Sql(const char (&literal)[N])  // NOLINT(google-explicit-constructor): a literal is written where it is used
      : Sql(literal, N) {}

  /// Text that constant expressions have put together: a static constexpr array that ends with NUL.
  template <std::size_t N>
  consteval Sql(const std::array<char, N>& text)  // NOLINT(google-explicit-constructor)
      : Sql(text.data(), N) {}

  /// For the library: a statement over its own tables.
  consteval Sql(detail::OwnSql own)  // NOLINT(google-explicit-constructor)
      : Sql(own.text, own.size_with_nul) {}

  template <detail::NotALiteral<Sql> Argument>
  constexpr Sql(Argument&&) {  // NOLINT: every other argument, to say why not
    static_assert(std::is_void_v<Argument>,
                  "SQL-009: a query is a \"literal\": put values behind ? and pass them as arguments");
  }

  // Not trivially copyable, so that std::bit_cast can't make one.
  constexpr Sql(const Sql& other) noexcept : text_(other.text_), size_(other.size_), shape_(other.shape_) {}
  Sql& operator=(const Sql&) = delete;

  constexpr std::string_view text() const noexcept { return {text_, size_}; }
  constexpr detail::SqlShape shape() const noexcept { return shape_; }

 private:
  consteval Sql(const char* text, std::size_t size_with_nul) : text_(text), size_(size_with_nul - 1) {
    constexpr bool is_pattern[] = {std::same_as<Args, LikePattern>..., false};
    if (text[size_] != '\0') throw "SQL-009: a query is a literal: this array has no terminating NUL";
    shape_ = detail::check_sql({text, size_}, Use, is_pattern, sizeof...(Args));
  }

  const char* text_ = nullptr;
  std::size_t size_ = 0;
  detail::SqlShape shape_;
};

}  // namespace sallyport
