// The words of SQL that SQLite has accepted.
#include "data/sql_words.hpp"

#include <algorithm>

#include <sallyport/detail/ascii.hpp>

namespace sallyport::data {
namespace {

// All bytes above ASCII are letters to SQLite.
bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

bool SqlWord::is(std::string_view lower) const noexcept {
  return kind == Kind::word && detail::equal_ignoring_case(text, lower);
}

SqlWord SqlWords::take(SqlWord::Kind kind, std::size_t size) noexcept {
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(taken.size());
  return {kind, taken};
}

// A doubled quote makes two names of one: neither begins as it should not, unless the whole does.
SqlWord SqlWords::quoted(char end) noexcept {
  rest_.remove_prefix(1);
  const std::size_t size = rest_.find(end);
  const SqlWord word = take(SqlWord::Kind::quoted, std::min(size, rest_.size()));
  if (!rest_.empty()) rest_.remove_prefix(1);
  return word;
}

SqlWord SqlWords::next() noexcept {
  while (!rest_.empty() && is_space(rest_.front())) rest_.remove_prefix(1);
  if (rest_.empty()) return {};
  const char c = rest_.front();
  if (rest_.starts_with("--")) return take(SqlWord::Kind::comment, std::min(rest_.find('\n'), rest_.size()));
  if (rest_.starts_with("/*")) {
    const std::size_t end = rest_.find("*/", 2);
    return take(SqlWord::Kind::comment, end == rest_.npos ? rest_.size() : end + 2);
  }
  if (c == '"' || c == '`' || c == '\'' || c == '[') return quoted(c == '[' ? ']' : c);
  if (!is_letter(c) && !is_digit(c)) return take(SqlWord::Kind::symbol, 1);
  std::size_t size = 1;
  while (size < rest_.size() && (is_letter(rest_[size]) || is_digit(rest_[size]))) ++size;
  return take(SqlWord::Kind::word, size);
}

}  // namespace sallyport::data
