// Values bound to queries: their copies, the numbers SQLite does not have, and texts as LIKE patterns.
#include <sallyport/database_error.hpp>
#include <sallyport/db.hpp>
#include <sallyport/sql.hpp>

namespace sallyport {
namespace {

std::string escaped(std::string_view text, std::string pattern) {
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern += '%';
}

}  // namespace

LikePattern contains(std::string_view text) { return LikePattern(escaped(text, "%")); }
LikePattern starts_with(std::string_view text) { return LikePattern(escaped(text, "")); }

// FTS5 (https://www.sqlite.org/fts5.html#fts5_strings): in double quotes a word is no operator, and a doubled quote is one.
MatchWords match_words(std::string_view text) {
  constexpr std::string_view blanks(" \t\n\r\0", 5);
  std::string query;
  for (std::size_t begin = text.find_first_not_of(blanks); begin < text.size();
       begin = text.find_first_not_of(blanks, begin)) {
    const std::string_view word = text.substr(begin, text.find_first_of(blanks, begin) - begin);
    query += query.empty() ? "\"" : " \"";
    for (const char c : word) query.append(c == '"' ? 2 : 1, c);
    query += '"';
    begin += word.size();
  }
  if (query.empty()) query = "\"\"";
  return MatchWords(std::move(query));
}

namespace detail {

namespace {
// Filled by initialisers before main, read afterwards.
constinit DeclaredTable* declared = nullptr;
constinit EveryOwnerReason* reasons = nullptr;
}  // namespace

bool declare_table(DeclaredTable& table) noexcept {
  table.next = declared;
  declared = &table;
  return true;
}
bool give_reason(EveryOwnerReason& reason) noexcept {
  reason.next = reasons;
  reasons = &reason;
  return true;
}
const DeclaredTable* declared_tables() noexcept { return declared; }
const EveryOwnerReason* every_owner_reasons() noexcept { return reasons; }

void refuse_list() { throw DatabaseError(DatabaseError::Kind::out_of_range, "more than 100 values for one ?..."); }

void refuse_number() {
  throw DatabaseError(DatabaseError::Kind::out_of_range, "a value for the database is NaN or above 2^63-1");
}

void own_bytes(std::span<SqlValue> values, std::string& store) {
  std::size_t total = 0;
  for (const SqlValue& value : values) total += value.bytes.size();
  store.reserve(total);  // from here on the string does not move
  for (SqlValue& value : values) {
    if (value.kind == SqlValue::Kind::choice) continue;  // a literal
    const std::size_t start = store.size();
    store += value.bytes;
    value.bytes = std::string_view(store).substr(start);
  }
}

}  // namespace detail
}  // namespace sallyport
