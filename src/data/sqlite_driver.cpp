// SQLite as a driver.
#include "data/database.hpp"
#include "data/driver.hpp"
#include "data/migrate.hpp"

namespace sallyport::detail {

namespace {

data::MigrationRefusal refusal_of(data::MigrationResult result) {
  if (result.error == data::MigrationError::none) return {};
  return {std::move(result.message), std::move(result.schema)};
}

}  // namespace

const DatabaseDriver sqlite_driver{
    .migrate =
        [](const data::DatabaseOptions& options, std::string_view component, std::span<const Migration> steps,
           std::chrono::system_clock::time_point now) {
          return refusal_of(data::migrate(options, component, steps, now));
        },
    .try_out =
        [](const data::DatabaseOptions& options, std::span<const data::MigrationComponent> components,
           std::chrono::system_clock::time_point now) {
          return refusal_of(data::try_migrations(options, components, now));
        },
    .open = [](const data::DatabaseOptions& options) -> std::unique_ptr<data::OpenDatabase> {
      return std::make_unique<data::Database>(options);
    },
};

}  // namespace sallyport::detail
