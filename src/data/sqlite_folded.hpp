// The SQL function folded(text): text without regard to case and composition.
#pragma once

struct sqlite3;

namespace sallyport::data {

/// Gives the connection the function. SQLite's result code.
[[nodiscard]] int add_folded(sqlite3* connection) noexcept;

}  // namespace sallyport::data
