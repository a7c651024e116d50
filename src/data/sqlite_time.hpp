// SQLite with another clock: for tests, whose unixepoch() has to follow the time that they move.
#pragma once

#include <sqlite3.h>

#include <string>

#include "base/clock.hpp"

namespace sallyport::data {

/// The system's way to open files under a name of its own: what is opened by it takes the time from `clock`.
class SqliteTime {
 public:
  explicit SqliteTime(const base::Clock& clock);
  /// Call when no connection is left that it has opened.
  ~SqliteTime();
  SqliteTime(const SqliteTime&) = delete;
  SqliteTime& operator=(const SqliteTime&) = delete;

  [[nodiscard]] const char* name() const noexcept { return name_.c_str(); }

 private:
  struct Files : sqlite3_vfs {
    const base::Clock* clock;
  };
  static int now(sqlite3_vfs* files, sqlite3_int64* milliseconds) noexcept;
  static int day(sqlite3_vfs* files, double* day) noexcept;

  const std::string name_;
  Files files_;
};

}  // namespace sallyport::data
