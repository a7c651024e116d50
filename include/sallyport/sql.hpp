// Sql: the text of a query, a literal that was read and checked while compiling.
#pragma once

#include <sallyport/detail/literal.hpp>
#include <sallyport/detail/own_tables.hpp>
#include <sallyport/detail/sql_owners.hpp>
#include <sallyport/detail/sql_scanner.hpp>
#include <sallyport/detail/sql_value.hpp>
#include <sallyport/detail/type_name.hpp>
#include <sallyport/entity.hpp>
#include <sallyport/order.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace sallyport {

/// A user's text as a pattern for `LIKE ? ESCAPE '\'` (in C++: `"… LIKE ? ESCAPE '\\'"`), with `%`, `_` and `\` taken
/// literally. LIKE ignores the case of ASCII letters only; `contains_folded` is for all others.
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
/// Matches what contains `text` in any case of any script, composed or not, of a column that is folded the same way:
/// `folded(title) LIKE ? ESCAPE '\'`. Reads every row; for many, see `match_words`.
[[nodiscard]] LikePattern contains_folded(std::string_view text);
/// Matches what starts with `text`.
[[nodiscard]] LikePattern starts_with(std::string_view text);

/// A user's text for `MATCH ?` on an FTS5 table: each word quoted, so that none is an operator. All of them must occur.
class MatchWords {
 public:
  std::string_view view() const noexcept { return query_; }

 private:
  friend MatchWords match_words(std::string_view text);
  explicit MatchWords(std::string query) : query_(std::move(query)) {}
  std::string query_;
};

/// Matches rows that hold every word of `text`; none if it has no word.
[[nodiscard]] MatchWords match_words(std::string_view text);

namespace detail {

/// What a value's type says about it.
template <class T>
struct ArgumentOf {
  static constexpr SqlArgument value{SqlListed<T> ? SqlArgument::Kind::list : SqlArgument::Kind::value,
                                     {},
                                     SqlOptional<T> || std::same_as<T, std::nullopt_t>};
};
template <>
struct ArgumentOf<LikePattern> {
  static constexpr SqlArgument value{SqlArgument::Kind::pattern};
};
template <>
struct ArgumentOf<MatchWords> {
  static constexpr SqlArgument value{SqlArgument::Kind::words};
};
template <FixedString... Columns>
struct ArgumentOf<Order<Columns...>> {
  static constexpr SqlArgument value{SqlArgument::Kind::order};
};
template <class T>
struct ArgumentOf<OwnedId<T>> {
  static constexpr SqlArgument value{SqlArgument::Kind::owned, entity<T>::name};
};
template <>
struct ArgumentOf<OwnedId<User>> {
  static constexpr SqlArgument value{SqlArgument::Kind::user};
};

/// What the types of a call say, and what is known of its query when it runs.
struct SqlFacts {
  std::span<const SqlArgument> arguments{};
  bool every_owner = false;
  bool varies = false;  ///< there is a list or a choice among the values
};

template <class... Args>
consteval auto make_arguments() {
  std::array<SqlArgument, (std::size_t{0} + ... + (is_every_owner<Args> ? 0 : 1))> arguments{};
  [[maybe_unused]] std::size_t size = 0;
  [[maybe_unused]] const auto add = [&]<class T>(std::type_identity<T>) {
    if constexpr (!is_every_owner<T>) arguments[size++] = ArgumentOf<T>::value;
  };
  (add(std::type_identity<Args>{}), ...);
  return arguments;
}
template <class... Args>
inline constexpr auto sql_arguments = make_arguments<Args...>();

template <class... Args>
inline constexpr SqlFacts sql_facts{sql_arguments<Args...>, (is_every_owner<Args> || ...),
                                    ((ArgumentOf<Args>::value.kind == SqlArgument::Kind::list ||
                                      ArgumentOf<Args>::value.kind == SqlArgument::Kind::order) ||
                                     ...)};

/// What a value or a row is about, of which something may be known.
template <class T>
struct Named {
  using Type = T;
};
template <class T>
struct Named<std::optional<T>> : Named<T> {};
template <class T>
struct Named<Maybe<T>> : Named<T> {};
template <class T>
struct Named<Id<T>> : Named<T> {};
template <class T>
struct Named<OwnedId<T>> : Named<T> {};
template <SqlListed T>
struct Named<T> : Named<std::remove_cvref_t<decltype(*std::declval<const T&>().begin())>> {};

template <class... T>
consteval auto make_owned_tables() {
  std::array<OwnedTable, (std::size_t{0} + ... + (owns_rows<typename Named<T>::Type>() ? 1 : 0))> tables{};
  [[maybe_unused]] std::size_t size = 0;
  [[maybe_unused]] const auto add = [&]<class Type>(std::type_identity<Type>) {
    if constexpr (owns_rows<Type>()) tables[size++] = owned_table<Type>;
  };
  (add(std::type_identity<typename Named<T>::Type>{}), ...);
  return tables;
}
/// The tables with owners that a call's types name.
template <class... T>
inline constexpr auto owned_tables = make_owned_tables<T...>();

/// Whether a row holds the id of its owner, whatever table it is from.
template <class T>
consteval bool row_has_owner() {
  if constexpr (Declared<T>) {
    return entity<T>::has_owner;
  } else {
    return has_user_field<T>();
  }
}

template <class T>
bool declare() noexcept {
  if constexpr (Declared<T>) return is_declared<T>;
  return true;
}
template <class Reason, class Row>
inline EveryOwnerReason every_owner_reason{Reason::why, type_name<Row>};
template <class Reason, class Row>
inline const bool is_given = give_reason(every_owner_reason<Reason, Row>);
template <class Row, class Argument>
bool take_note() noexcept {
  if constexpr (is_every_owner<Argument>) return is_given<Argument, Row>;
  return declare<typename Named<Argument>::Type>();
}
/// Makes the types of a call known before main.
template <class Row, class... Args>
void know() noexcept {
  (static_cast<void>(declare<typename Named<Row>::Type>()), ..., static_cast<void>(take_note<Row, Args>()));
}

/// The values of a call, as they are bound.
template <class... Args>
class SqlValues {
 public:
  explicit SqlValues(const Args&... args) {
    if constexpr (!varies) {
      [[maybe_unused]] std::size_t size = 0;
      (
          [&] {
            if constexpr (!is_every_owner<Args>) values_[size++] = sql_value(args);
          }(),
          ...);
    } else {
      (
          [&] {
            if constexpr (!is_every_owner<Args>) append_values(values_, args);
          }(),
          ...);
    }
  }
  [[nodiscard]] std::span<SqlValue> all() noexcept { return values_; }

 private:
  static constexpr bool varies = sql_facts<Args...>.varies;
  std::conditional_t<varies, std::vector<SqlValue>, std::array<SqlValue, sql_arguments<Args...>.size()>> values_;
};

/// A query as drivers take it.
struct SqlStatement {
  std::string_view text;
  const SqlFacts* facts = nullptr;
};

}  // namespace detail

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
/// | SQL-008 | a pattern (LIKE, MATCH, GLOB …) that is not a literal and not made by `contains`, `starts_with`, `match_words` |
/// | SQL-009 | query text that is not a literal |
/// | SQL-010 | `?1`, `:name`, `@name`, `$name` |
/// | SQL-011 | a verb other than SELECT, INSERT, UPDATE, DELETE, WITH |
/// | SQL-012 | a JSON path that is a value |
/// | SQL-013 | rows wanted of a statement that has none, or the reverse |
/// | SQL-014 | AND beside OR without parentheses |
/// | SQL-015 | REPLACE, which deletes the row in the way, whoever owns it |
/// | SQL-016 | a table of the framework's |
/// | SQL-017 | an order by a value; `ORDER BY {}` without `sp::order` |
/// | SQL-018 | `?...` without several values, or the reverse |
/// | SQL-019 | a client's JSON as a whole, kept or merged into a column |
/// | SQL-020 | a table of SQLite's own: `sqlite_schema`, `pragma_…` |
/// | SQL-021 | a condition of UPDATE or DELETE that an absent value makes true |
/// | OWN-001 | rows that have owners, not compared with one |
/// | OWN-002 | a query whose tables can't be seen |
/// | OWN-003 | SET gives a row to another owner |
/// | OWN-004 | a new row without an owner |
/// | OWN-005 | ON CONFLICT … DO UPDATE that changes another owner's row |
/// | OWN-008 | an `OwnedId` read from what does not prove it |
/// | OWN-009 | tables joined by the caller alone, so that every row of one is shown to who has one of another |
///
/// `Row` is the type of its rows; `void`: none.
template <detail::SqlUse Use, class Row, class... Args>
class Sql {
  static_assert((!detail::SecretArgument<Args>::value && ...),
                "SQL-006: a secret is not stored as it is: accounts keep passwords, seal() encrypts the rest");
  static_assert(((detail::Bindable<Args>::value || detail::is_every_owner<Args>)&&...),
                "SQL-006: a value must be a number, bool, enum, text, Id, time point, bytes, or an optional of one (no "
                "pointers, no char)");

 public:
  template <std::size_t N>
  consteval Sql(const char (&literal)[N])  // NOLINT(google-explicit-constructor): a literal is written where it is used
      : Sql(literal, N, std::array<detail::SqlToken, N>{}.data(), false) {}

  /// Text that constant expressions have put together: a static constexpr array that ends with NUL.
  template <std::size_t N>
  consteval Sql(const std::array<char, N>& text)  // NOLINT(google-explicit-constructor)
      : Sql(text.data(), N, std::array<detail::SqlToken, N>{}.data(), false) {}

  /// For the library: a statement over its own tables.
  consteval Sql(const detail::OwnSql& own)  // NOLINT(google-explicit-constructor)
      : Sql(own.text, own.size_with_nul, std::vector<detail::SqlToken>(own.size_with_nul).data(), true) {}

  template <detail::NotALiteral<Sql> Argument>
  __attribute__((unavailable("SQL-009: a query is a \"literal\": put values behind ? and pass them as arguments")))
  Sql(Argument&&);  // NOLINT: every other argument, to say why not

  // Not trivially copyable, so that std::bit_cast can't make one.
  constexpr Sql(const Sql& other) noexcept : text_(other.text_), size_(other.size_), shape_(other.shape_) {}
  Sql& operator=(const Sql&) = delete;

  detail::SqlStatement statement() const noexcept {
    detail::know<Row, Args...>();
    return {text(), &detail::sql_facts<Args...>};
  }
  constexpr std::string_view text() const noexcept { return {text_, size_}; }
  constexpr detail::SqlShape shape() const noexcept { return shape_; }

 private:
  consteval Sql(const char* text, std::size_t size_with_nul, detail::SqlToken* room, bool own)
      : text_(text), size_(size_with_nul - 1) {
    if (text[size_] != '\0') throw "SQL-009: a query is a literal: this array has no terminating NUL";
    const detail::SqlTokens tokens = detail::read_tokens({text, size_}, room);
    constexpr const detail::SqlFacts& facts = detail::sql_facts<Args...>;
    shape_ = detail::SqlRules(tokens, facts.arguments, own).check(Use);
    if constexpr (detail::is_proof<Row>) {
      using Proven = typename detail::ProvenId<Row>::Type;
      static_assert(
          detail::owns_rows<Proven>(),
          "OWN-008: an OwnedId is the id of an entity whose rows have owners: sp::table<\"orders\", &Order::id, "
          "&Order::owner>");
      static_assert(!facts.every_owner, "OWN-008: a query over every owner's rows proves nothing: read an Id");
      detail::OwnerReader(tokens, facts.arguments, detail::owned_tables<Row, Args...>).check_id(entity<Proven>::name);
    } else if (!own && !facts.every_owner) {
      detail::OwnerReader(tokens, facts.arguments, detail::owned_tables<Row, Args...>)
          .check(detail::row_has_owner<Row>());
    }
  }

  const char* text_ = nullptr;
  std::size_t size_ = 0;
  detail::SqlShape shape_;
};

}  // namespace sallyport
