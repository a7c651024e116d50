// Service: everything that serving a request needs, made at start and read by every event loop.
#pragma once

#include <sallyport/accounts_admin.hpp>
#include <sallyport/app.hpp>

#include "base/clock.hpp"
#include "base/descriptor_budget.hpp"
#include "base/worker_pool.hpp"
#include "crypto/mac.hpp"
#include "crypto/master_key.hpp"
#include "crypto/password_hash.hpp"
#include "crypto/sealer.hpp"
#include "data/driver.hpp"
#include "gate/site.hpp"
#include "gate/step.hpp"
#include "identity/accounts_driver.hpp"
#include "identity/device_cookie.hpp"
#include "identity/session_data.hpp"
#include "identity/session_store.hpp"
#include "limits/connection_counter.hpp"
#include "limits/guessing_alarm.hpp"
#include "ops/finding.hpp"
#include "ops/log.hpp"
#include "ops/settings.hpp"
#include "outbound/clients.hpp"
#include "route/call.hpp"
#include "route/pipeline.hpp"
#include "route/route_table.hpp"
#include "route/webhooks.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace sallyport::route {

class Service final : public gate::Site {
 public:
  /// What only some services need: opened when a route needs it.
  struct Stored {
    std::unique_ptr<data::OpenDatabase> database;
    std::unique_ptr<base::WorkerPool> hashing;
    std::unique_ptr<crypto::PasswordHasher> hasher;
    std::unique_ptr<identity::AccountStore> accounts;
    std::unique_ptr<identity::SessionStore> sessions;
    std::unique_ptr<identity::SessionData> session_data;
    std::unique_ptr<AccountsAdmin> admin;
  };

  Service(ops::Settings the_settings, const Router& router, const detail::AppDefinition& the_definition,
          const base::Clock& the_clock, ops::Findings& findings);

  /// The driver of the database that a route or a migration needs; the master key is then needed, too. Null when none
  /// does.
  [[nodiscard]] const detail::DatabaseDriver* database_driver() const noexcept;
  /// The driver that a route needs to verify or set passwords. Null when none does.
  [[nodiscard]] const detail::AccountsDriver* accounts_driver() const noexcept;
  /// The findings of `open_stores` (CFG-031, CFG-061, CFG-062), as far as they can be known without a key and without changing a database.
  void try_stores(ops::Findings& findings) const;
  /// Opens the counters of limits (CFG-031), brings the tables up to date and opens what the routes need (CFG-061). What can't be opened is
  /// a finding.
  void open_stores(const crypto::MasterKey& key, ops::Log* log, ops::Findings& findings);
  /// Ends the threads of the stores and hands their jobs back. Call it when the event loops have ended but still exist, because the jobs
  /// point to them.
  void close_stores();
  /// Sets the port that was bound when the settings asked for port 0 (any free one), and completes the origin.
  void bound_to(std::uint16_t port);

  const detail::AppDefinition& definition;
  const RouteTable table;
  const std::vector<Webhook> webhooks;  ///< that routes take
  Stored stored;
  mutable limits::GuessingAlarm guessing;
  std::unique_ptr<outbound::Clients> outbound;      ///< where a route calls other services
  std::optional<identity::DeviceCookies> devices;   ///< with a master key
  std::unique_ptr<const crypto::HmacSha256> codes;  ///< likewise: what one-time codes are kept under
  std::optional<crypto::Sealer> sealer;             ///< likewise: of sealed cookies

  const base::Clock* sql_now =
      nullptr;  ///< what SQL calls now, where it is not the machine's time: set before `open_stores`

  /// The limit of a route's body in bytes: `limits.json` or `limits.form`, 0 where it takes none.
  [[nodiscard]] std::size_t body_limit(const Route& route) const noexcept;

  // gate::Site
  gate::Progress head_complete(gate::Exchange& exchange) const noexcept override {
    return steps_.head_complete(exchange);
  }
  gate::Progress body_arrived(gate::Exchange& exchange) const noexcept override {
    return steps_.body_arrived(exchange);
  }
  gate::Progress resumed(gate::Exchange& exchange) const noexcept override { return steps_.resumed(exchange); }
  void begin_events(gate::Exchange& exchange) const noexcept override { steps_.begin_events(exchange); }
  gate::Progress next_piece(gate::Exchange& exchange) const noexcept override { return steps_.next_piece(exchange); }
  void sent(gate::Exchange& exchange) const noexcept override { steps_.sent(exchange); }
  [[nodiscard]] std::unique_ptr<gate::Call> make_call(gate::Exchange& exchange) const override {
    return std::make_unique<Call>(*this, exchange);
  }

 private:
  const gate::Steps steps_{request_steps()};

  void set_rules();
  void make_clients(ops::Findings& findings);
  [[nodiscard]] data::DatabaseOptions database_options() const;
  void open_limits(const crypto::MasterKey& key, ops::Log* log, ops::Findings& findings);
};

}  // namespace sallyport::route
