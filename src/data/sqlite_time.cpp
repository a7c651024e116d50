// SQLite with another clock.
#include "data/sqlite_time.hpp"

#include <chrono>
#include <cstdint>
#include <stdexcept>

#include "data/sqlite.hpp"

namespace sallyport::data {
namespace {

constexpr sqlite3_int64 milliseconds_a_day = 86'400'000;
// SQLite counts from noon of 24 November 4714 BC (its manual, "sqlite3_vfs": xCurrentTimeInt64).
constexpr sqlite3_int64 epoch = 24'405'875 * (milliseconds_a_day / 10);

}  // namespace

void CloseSqliteTime::operator()(SqliteTime* time) const noexcept { delete time; }

SqliteTime::SqliteTime(const base::Clock& clock)
    : name_("sallyport-" + std::to_string(reinterpret_cast<std::uintptr_t>(this))) {
  const sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  if (!system) throw std::runtime_error("SQLite can't open files here");
  static_cast<sqlite3_vfs&>(files_) = *system;
  files_.pNext = nullptr;
  files_.zName = name_.c_str();
  files_.clock = &clock;
  files_.xCurrentTime = &day;
  files_.xCurrentTimeInt64 = &now;
  if (sqlite3_vfs_register(&files_, 0) != SQLITE_OK) throw std::runtime_error("SQLite takes no clock");
}

SqliteTime::~SqliteTime() { sqlite3_vfs_unregister(&files_); }

int SqliteTime::now(sqlite3_vfs* files, sqlite3_int64* milliseconds) noexcept {
  const auto wall = static_cast<Files*>(files)->clock->wall();
  *milliseconds = epoch + std::chrono::floor<std::chrono::milliseconds>(wall).time_since_epoch().count();
  return SQLITE_OK;
}

int SqliteTime::day(sqlite3_vfs* files, double* day) noexcept {
  sqlite3_int64 milliseconds = 0;
  now(files, &milliseconds);
  *day = static_cast<double>(milliseconds) / static_cast<double>(milliseconds_a_day);
  return SQLITE_OK;
}

}  // namespace sallyport::data
