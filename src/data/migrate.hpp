// Brings the tables of a database up to date at start, and refuses a history that does not match the program's.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sallyport/migrations.hpp>

#include "data/database.hpp"
#include "data/driver.hpp"

namespace sallyport::data {

enum class MigrationError : unsigned char {
  none,
  changed,     ///< a step that has run reads differently now, or one before it is missing
  newer,       ///< the database has steps that this program does not know: it is older than its data
  own_tables,  ///< it touches the framework's tables, or leaves something that does; the step was taken back
  lost_owners,  ///< it leaves rows of which nobody can tell whose they are (see schema_rules.hpp); the step was taken back
  foreign_keys,  ///< after the step a row refers to one that does not exist; the step was taken back
  failed,        ///< SQLite refused the step; it was taken back
};

struct MigrationResult {
  MigrationError error = MigrationError::none;
  std::size_t version = 0;            ///< the step that the error is about, counted from 1; without error: the last one
  std::size_t applied = 0;            ///< steps that ran now
  std::string message;                ///< for the operator
  std::vector<SchemaFinding> schema;  ///< of `lost_owners`
};

/// Runs those of `steps` that the database at `options.path` has not seen, each in a transaction of its own, and
/// records them under `component` (the application's and the library's own histories do not mix). Several processes may
/// start at the same time. `now` is recorded. Call before opening the Database. Throws OpenError.
MigrationResult migrate(const DatabaseOptions& options, std::string_view component, std::span<const Migration> steps,
                        std::chrono::system_clock::time_point now);

/// What `migrate` would answer for the components one after the other, as far as it can be known without changing anything: the steps run on
/// an empty database in memory, and the file, where there is one, is only read. Without a file: whether it could be made. Throws OpenError.
MigrationResult try_migrations(const DatabaseOptions& options, std::span<const MigrationComponent> components,
                               std::chrono::system_clock::time_point now);

}  // namespace sallyport::data
