// What the tests of this folder share: a database with the framework's tables, a clock that stands still, inputs.
#pragma once

#include <sallyport/db.hpp>
#include <sallyport/secret.hpp>
#include <sallyport/text.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/clock.hpp"
#include "data/database.hpp"
#include "data/migrate.hpp"
#include "data/test_support.hpp"
#include "identity/tables.hpp"
#include "support/run_task.hpp"

namespace sallyport::identity {

struct TestDatabase {
  TestDatabase() : options(migrated(directory)), database(options) {}

  /// The answer of a statement that counts or reads one number.
  template <class... Args>
  std::int64_t number(std::type_identity_t<Sql<detail::SqlUse::rows, std::int64_t, Args...>> sql, const Args&... args) {
    return database.run_blocking([&](Transaction& tx) { return tx.one<std::int64_t>(sql, args...); });
  }
  template <class... Args>
  std::int64_t change(std::type_identity_t<Sql<detail::SqlUse::change, void, Args...>> sql, const Args&... args) {
    return database.run_blocking([&](Transaction& tx) { return tx.run(sql, args...); });
  }

  data::TemporaryDirectory directory;
  data::DatabaseOptions options;
  data::Database database;
  base::ManualClock clock;

 private:
  static data::DatabaseOptions migrated(const data::TemporaryDirectory& directory) {
    data::DatabaseOptions options;
    options.path = directory.file("identity.db");
    const auto result = data::migrate(options, tables_component, tables, {});
    if (result.error != data::MigrationError::none) throw std::runtime_error(result.message);
    return options;
  }
};

/// A queue that is always full.
class FullQueue final : public detail::JobQueue {
 public:
  bool submit(detail::Job&) noexcept override { return false; }
};

/// The tables of `engine`, with a writer that can be made to refuse everything.
class StubbornEngine final : public detail::Engine {
 public:
  explicit StubbornEngine(detail::Engine& engine) : engine_(engine) {}
  detail::JobQueue& queue(detail::Access access) noexcept override {
    if (access == detail::Access::write && writer_full) return full_;
    return engine_.queue(access);
  }
  detail::Session& session(detail::Access access, std::size_t worker) noexcept override {
    return engine_.session(access, worker);
  }

  bool writer_full = false;

 private:
  detail::Engine& engine_;
  FullQueue full_;
};

inline Email email(std::string_view text) {
  auto parsed = Email::parse(text);
  if (!parsed) throw std::runtime_error("no e-mail address");
  return std::move(*parsed);
}

inline Password typed(std::string_view text) {
  PasswordFlaw flaw{};
  return detail::PasswordReader::password(text, flaw).value();
}

inline NewPassword chosen(std::string_view text) {
  PasswordFlaw flaw{};
  return detail::PasswordReader::new_password(text, flaw).value();
}

}  // namespace sallyport::identity
