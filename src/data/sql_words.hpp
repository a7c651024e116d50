// The words of SQL that SQLite has accepted: of migrations and of the schema, which may hold more than an application's queries.
#pragma once

#include <cstddef>
#include <string_view>

namespace sallyport::data {

/// A keyword, a name without its quotes, or one character of anything else.
struct SqlWord {
  enum class Kind : unsigned char { end, word, quoted, symbol, comment };
  Kind kind = Kind::end;
  std::string_view text;

  [[nodiscard]] bool is(std::string_view lower) const noexcept;  ///< this keyword, in any case
  [[nodiscard]] bool is_symbol(char c) const noexcept {
    return kind == Kind::symbol && !text.empty() && text.front() == c;
  }
  [[nodiscard]] bool is_name() const noexcept { return kind == Kind::word || kind == Kind::quoted; }
};

/// Reads them one after the other. A text in single quotes is a quoted name: SQLite takes it for one where only a name can stand. Comments
/// come as they are, so that whoever wants none passes over them.
class SqlWords {
 public:
  explicit SqlWords(std::string_view sql) noexcept : rest_(sql) {}
  SqlWord next() noexcept;

 private:
  SqlWord take(SqlWord::Kind kind, std::size_t size) noexcept;
  SqlWord quoted(char end) noexcept;

  std::string_view rest_;
};

}  // namespace sallyport::data
