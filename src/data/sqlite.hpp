// SQLite's C interface behind owners: connections that are opened safely, and statements that close themselves.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sallyport::data {

/// The database can't be opened. Thrown at start only; `what()` is for the operator.
class OpenError final : public std::runtime_error {
 public:
  enum class Kind : unsigned char {
    path,         ///< empty, `:memory:`, a URI, a symbolic link or no regular file
    permissions,  ///< others may read or write the file, or we may not
    not_a_database,
    other,
  };
  OpenError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] Kind kind() const noexcept { return kind_; }

 private:
  Kind kind_;
};

/// What statements may do on a connection, checked by SQLite when one is prepared: a second check behind `Sql`.
enum class Allow : unsigned char {
  everything,  ///< setting up
  tables,      ///< migrations: no ATTACH, PRAGMA, transactions or extensions
  changes,     ///< SELECT, INSERT, UPDATE, DELETE, transactions
  reads,       ///< SELECT
};

/// Whether the file is there and could be written; false when it is not there and could be made with its folders. Makes nothing. Throws
/// OpenError with what opening it for changes would say.
[[nodiscard]] bool is_there(const std::string& path);

struct CloseStatement {
  void operator()(sqlite3_stmt* statement) const noexcept;
};
using StatementPtr = std::unique_ptr<sqlite3_stmt, CloseStatement>;

/// A table that a statement uses, as SQLite says when it is prepared.
struct TouchedTable {
  std::string table;
  std::string within;  ///< the view or trigger that names it; empty: the statement itself
};

/// SQLite's way to open files, with another time.
class SqliteTime;
struct CloseSqliteTime {
  void operator()(SqliteTime* time) const noexcept;
};

/// One connection, for one thread at a time.
class Connection {
 public:
  /// Opens the file at `path`. A connection for anything but reading makes file and directory if they are missing
  /// (0600, 0700). `busy_limit`: how long a lock of another process is waited for. `now`: what SQL calls now; null: the machine's time.
  /// Throws OpenError.
  Connection(const std::string& path, Allow allow, std::chrono::milliseconds busy_limit,
             const base::Clock* now = nullptr);
  /// An empty database in memory, to try tables out on.
  Connection();
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] sqlite3* get() const noexcept { return handle_.get(); }

  /// Prepares the first statement of `sql` and leaves what follows it in `rest`. Null for white space and comments.
  /// Throws DatabaseError.
  [[nodiscard]] StatementPtr prepare(std::string_view sql, std::string_view& rest, bool persistent = false) const;

  /// Runs statements that answer nothing. Throws DatabaseError.
  void execute(std::string_view sql) const;

  /// Throws the DatabaseError for the result code `code` of `sql`; never returns.
  [[noreturn]] void fail(int code, std::string_view sql) const;

  [[nodiscard]] bool in_transaction() const noexcept;

  void allow(Allow allow) noexcept { allow_ = allow; }
  [[nodiscard]] Allow allows() const noexcept { return allow_; }

  /// Notes which tables are used by what is prepared from now on; null: no longer.
  void note_tables(std::vector<TouchedTable>* tables) noexcept { touched_ = tables; }

  /// Whether statements are the framework's own. Others reach nothing of its tables but the view of the people.
  void serve_framework(bool own) noexcept { own_ = own; }
  [[nodiscard]] bool serves_framework() const noexcept { return own_; }

  /// Statements are interrupted from then on.
  void set_deadline(std::chrono::steady_clock::time_point deadline) noexcept { deadline_ = deadline; }

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  static int past_deadline(void* self) noexcept;
  static int authorize(void* self, int action, const char* a, const char* b, const char* schema,
                       const char* trigger) noexcept;
  void configure(std::chrono::milliseconds busy_limit);
  void switch_to_wal(std::chrono::milliseconds busy_limit);

  std::unique_ptr<SqliteTime, CloseSqliteTime> time_;
  std::unique_ptr<sqlite3, Close> handle_;
  Allow allow_ = Allow::everything;
  std::vector<TouchedTable>* touched_ = nullptr;
  bool own_ = false;
  bool refused_own_table_ = false;  // the last thing that the authorizer refused
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
};

}  // namespace sallyport::data
