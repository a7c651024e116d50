// Rows of the driver's own questions to SQLite: about the schema, not about an application's data.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <string_view>

#include "data/sqlite.hpp"

namespace sallyport::data {

/// The text in a column; a view that holds until the next row.
inline std::string_view text_at(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column)))
              : std::string_view();
}

/// `each(statement)` for every row.
template <class Each>
void each_row(const Connection& connection, std::string_view sql, Each each) {
  std::string_view rest;
  const StatementPtr statement = connection.prepare(sql, rest);
  int code = sqlite3_step(statement.get());
  for (; code == SQLITE_ROW; code = sqlite3_step(statement.get())) each(statement.get());
  if (code != SQLITE_DONE) connection.fail(code, sql);
}

}  // namespace sallyport::data
