// SQLite as a driver.
#include "data/database.hpp"
#include "data/driver.hpp"
#include "data/migrate.hpp"

namespace sallyport::detail {

const DatabaseDriver sqlite_driver{
    .migrate = [](const data::DatabaseOptions& options, std::string_view component, std::span<const Migration> steps,
                  std::chrono::system_clock::time_point now) -> data::MigrationRefusal {
      data::MigrationResult result = data::migrate(options, component, steps, now);
      if (result.error == data::MigrationError::none) return {};
      return {std::move(result.message), std::move(result.schema)};
    },
    .open = [](const data::DatabaseOptions& options) -> std::unique_ptr<data::OpenDatabase> {
      return std::make_unique<data::Database>(options);
    },
};

}  // namespace sallyport::detail
