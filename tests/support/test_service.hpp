// A whole service inside the test's process: real sockets, real SQLite, a clock that the test moves.
#pragma once

#include <sallyport/app.hpp>

#include "base/clock.hpp"
#include "data/database.hpp"
#include "ops/log.hpp"
#include "ops/settings.hpp"
#include "route/service.hpp"
#include "wire/server.hpp"

#include "support/temporary_folder.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::testing {

/// Serves `router` on a free port of the loopback until destroyed. Development mode over plain HTTP, hashing at its minimum, one event
/// loop, unless `adjust` changes the settings; with `tls.enabled` under a development certificate. Services with one `keys.file` have one
/// master key.
class TestService {
 public:
  explicit TestService(const Router& router, std::vector<Migration> migrations = {},
                       const std::function<void(ops::Settings&)>& adjust = {},
                       std::vector<detail::AppDefinition::Provided> states = {});
  ~TestService();
  TestService(const TestService&) = delete;
  TestService& operator=(const TestService&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return server_->port(); }
  [[nodiscard]] std::string certificate() const { return folder_.file("certificate.pem"); }
  [[nodiscard]] std::string origin() const { return service_->settings.server.origin; }
  [[nodiscard]] std::string authority() const { return origin().substr(origin().find("//") + 2); }

  /// Lets time pass, and every deadline that has come fire.
  void advance(std::chrono::nanoseconds time);

  /// All that has been logged so far.
  [[nodiscard]] std::string log();

  [[nodiscard]] const base::Clock& clock() const noexcept { return clock_; }

  [[nodiscard]] std::string database_file() const { return service_->settings.database.path; }
  [[nodiscard]] data::Database& database() { return static_cast<data::Database&>(*service_->stored.database); }
  [[nodiscard]] detail::AppDefinition& definition() { return definition_; }

 private:
  TemporaryFolder folder_;
  base::ManualClock clock_;
  detail::AppDefinition definition_;
  std::unique_ptr<ops::Log> log_;
  std::unique_ptr<route::Service> service_;
  std::unique_ptr<wire::Server> server_;
};

}  // namespace sallyport::testing
