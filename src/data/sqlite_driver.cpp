// SQLite as a driver.
#include "data/database.hpp"
#include "data/driver.hpp"
#include "data/migrate.hpp"

namespace sallyport::detail {
namespace {

constexpr const char* names_instead =
    "where it reads who somebody is, write the view sallyport_people (id, name); where its rows are somebody's, "
    "REFERENCES "
    "sallyport_users (id); what has run before is mended by a new migration, as DROP VIEW; e-mails and roles are for "
    "AccountsAdmin& on a route with sp::role";

data::MigrationRefusal refusal_of(data::MigrationResult result) {
  if (result.error == data::MigrationError::none) return {};
  return {std::move(result.message), std::move(result.schema),
          result.error == data::MigrationError::own_tables ? names_instead : ""};
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
