// The interface of a database driver. The kernel reaches databases only through it, so that a program without a
// database links none.
#pragma once

#include <sallyport/db.hpp>
#include <sallyport/detail/drivers.hpp>
#include <sallyport/migrations.hpp>

#include "base/clock.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::data {

struct DatabaseOptions {
  std::string path;                                 ///< the file; made with its directory (0600, 0700) if missing
  std::size_t readers = 2;                          ///< threads that read, each with a connection of its own
  std::size_t queue_limit = 1024;                   ///< queries that wait for a reader, and for the writer, at most
  std::chrono::milliseconds statement_limit{5000};  ///< a statement or transaction that takes longer is interrupted
  std::chrono::milliseconds busy_limit{2000};       ///< how long a lock of another process is waited for
  const base::Clock* now = nullptr;                 ///< what SQL calls now; null: the machine's time
};

/// What a schema may not have.
struct SchemaFinding {
  std::string what;
  std::string instead;
};

/// The steps of one history: the library's own ("sallyport") or the application's ("app").
struct MigrationComponent {
  std::string_view name;
  std::span<const Migration> steps;
};

/// Why the steps of a component were refused, for the operator; `why` is empty when they were not.
struct MigrationRefusal {
  std::string why;
  std::vector<SchemaFinding> schema;  ///< where it is this that is wrong
  std::string instead{};              ///< what to write in its place; empty: what is said of all refusals
};

/// A database that is open. Its threads end with it.
class OpenDatabase {
 public:
  virtual ~OpenDatabase() = default;
  /// For handlers that may change something, as `Db&`.
  [[nodiscard]] virtual Db& db() noexcept = 0;
  /// For all other handlers. Its connections can't write: a `const_cast` gains nothing.
  [[nodiscard]] virtual const Db& reader() noexcept = 0;
  /// For the framework's own tables, which the others can't use.
  [[nodiscard]] virtual Db& own() noexcept = 0;
  /// The engine of `own()`. Its changes are made by one thread, one after the other.
  [[nodiscard]] virtual detail::Engine& own_engine() noexcept = 0;
};

}  // namespace sallyport::data

namespace sallyport::detail {

struct DatabaseDriver {
  /// Runs the steps of `component` that the database has not seen. Throws what opening throws.
  data::MigrationRefusal (*migrate)(const data::DatabaseOptions& options, std::string_view component,
                                    std::span<const Migration> steps, std::chrono::system_clock::time_point now);
  /// What `migrate` and `open` would refuse, found without changing or making anything. Throws what opening throws.
  data::MigrationRefusal (*try_out)(const data::DatabaseOptions& options,
                                    std::span<const data::MigrationComponent> components,
                                    std::chrono::system_clock::time_point now);
  /// Throws an exception whose text says why it can't be opened.
  std::unique_ptr<data::OpenDatabase> (*open)(const data::DatabaseOptions& options);
};

}  // namespace sallyport::detail
