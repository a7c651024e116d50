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

namespace detail {

void refuse_number() {
  throw DatabaseError(DatabaseError::Kind::out_of_range, "a value for the database is NaN or above 2^63-1");
}

void own_bytes(std::span<SqlValue> values, std::string& store) {
  std::size_t total = 0;
  for (const SqlValue& value : values) total += value.bytes.size();
  store.reserve(total);  // from here on the string does not move
  for (SqlValue& value : values) {
    const std::size_t start = store.size();
    store += value.bytes;
    value.bytes = std::string_view(store).substr(start);
  }
}

}  // namespace detail
}  // namespace sallyport
