// The SQL function folded(text), for patterns of contains_folded.
#include "data/sqlite_folded.hpp"

#include <sallyport/sql.hpp>

#include "base/unicode.hpp"

#include <sqlite3.h>

#include <new>
#include <string>
#include <string_view>

namespace sallyport::data {
namespace {

void folded(sqlite3_context* context, int, sqlite3_value** values) noexcept {
  if (sqlite3_value_type(values[0]) != SQLITE_TEXT) return sqlite3_result_value(context, values[0]);
  try {
    const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    if (!text) return sqlite3_result_error_nomem(context);
    const std::string made = base::fold_case({text, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
    sqlite3_result_text64(context, made.data(), made.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(context);
  }
}

}  // namespace

int add_folded(sqlite3* connection) noexcept {
  return sqlite3_create_function_v2(connection, "folded", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                    nullptr, &folded, nullptr, nullptr, nullptr);
}

}  // namespace sallyport::data

namespace sallyport {

LikePattern contains_folded(std::string_view text) { return contains(base::fold_case(text)); }

}  // namespace sallyport
