// Makes a service of its settings and routes, and adds the findings against it.
#include "route/service.hpp"

#include "http/origin.hpp"
#include "identity/tables.hpp"
#include "limits/database_limits.hpp"
#include "limits/shared_memory.hpp"
#include "route/kept_folder.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace sallyport::route {
namespace {

// Called on the thread of any event loop.
void log_store_change(ops::Log& log, bool up, std::string_view why, bool redis) {
  log.with_shared_buffer([&](ops::LogBuffer& buffer) {
    auto line = buffer.line(up ? ops::Severity::info : ops::Severity::error, "sys_limit_store");
    const std::string_view well = redis ? "Redis can be reached again" : "attempts can be counted again";
    line.text("reason", up ? well : why);
    if (!up)
      line.text("effect", redis ? "the counters of this process are used; sign-in is refused" : "sign-in is refused");
    buffer.write(line);
  });
}

void check_states(const RouteTable& table, const detail::AppDefinition& definition, ops::Findings& findings) {
  for (const auto& route : table.routes()) {
    for (const void* const key : route->handler.facts.states) {
      const bool provided = std::any_of(definition.states.begin(), definition.states.end(),
                                        [&](const auto& state) { return state.key == key; });
      if (!provided) {
        findings.add("CFG-030", route->pattern, "the handler takes a State<T> or Folder that was not provided",
                     "call app.provide<T>(…), or app.folder<\"name\">(\"path\"), before app.run()");
      }
    }
  }
}

// All cookies go with every request, and two of one name are one; so are two structs of one name in a session.
void check_cookies(const RouteTable& table, ops::Findings& findings) {
  constexpr std::size_t most = 20;
  std::vector<detail::HandlerFacts::Field> known;
  for (const auto& route : table.routes()) {
    for (const detail::HandlerFacts::Field& field : route->handler.facts.fields) {
      if (field.place == "header") continue;
      const bool in_session = field.place == "session";
      const auto same = std::find_if(known.begin(), known.end(), [&](const auto& each) {
        return each.name == field.name && (each.place == "session") == in_session;
      });
      if (same == known.end()) {
        known.push_back(field);
      } else if (same->place != field.place || same->type != field.type) {
        findings.add("CFG-030", route->pattern,
                     "the " + std::string(field.place) + " \"" + std::string(field.name) +
                         "\" is of another type on another route",
                     "give each one type, in one place (using Theme = sp::Cookie<\"theme\", Colour>;), and each struct "
                     "of sessions a name of its own");
      }
    }
  }
  std::erase_if(known, [](const auto& each) { return each.place == "session"; });
  if (known.size() > most)
    findings.add("CFG-030", "cookies",
                 "the service has " + std::to_string(known.size()) + " cookies of its own, 20 at most",
                 "a browser sends them all with each request: keep what belongs to a visitor in one struct, "
                 "sp::Session<T> or sp::SealedCookie");
}

// What handlers keep files in.
void open_folders(const detail::AppDefinition& definition, ops::Findings& findings) {
  for (const auto& folder : definition.folders) {
    std::string problem;
    folder->opened(KeptFolder::at(folder->path(), problem));
    if (!problem.empty())
      findings.add("CFG-023", folder->path(), problem, "make the folder, for the service's user to read and write");
  }
}

void check_drivers(const ops::Settings& settings, ops::Findings& findings) {
  if (settings.limits.store != ops::LimitStore::redis || limits::redis_driver()) return;
  findings.add(
      "CFG-031", "limits.store", "this program is linked without the driver for Redis",
      "in CMakeLists.txt: sallyport_service(NAME … DRIVERS redis); with pkg-config: sallyport-redis instead of "
      "sallyport");
}

// Whether a component's tables are refused: then the findings say why.
bool refused(const data::MigrationRefusal& refusal, const data::DatabaseOptions& options, ops::Findings& findings) {
  for (const data::SchemaFinding& each : refusal.schema) findings.add("CFG-062", options.path, each.what, each.instead);
  if (!refusal.why.empty() && refusal.schema.empty())
    findings.add("CFG-061", options.path, refusal.why, refusal.instead);
  return !refusal.why.empty();
}

// What `open` answers; false, and a finding, where it throws.
template <class Open>
bool with_findings_of_opening(ops::Findings& findings, Open&& open) {
  try {
    return open();
  } catch (const DatabaseError& error) {
    findings.add("CFG-061", "database.path", detail::ForTheLog::text(error));
  } catch (const std::exception& error) {
    findings.add("CFG-061", "database.path", error.what(),
                 "see that the service's user may write the file and its folder");
  }
  return false;
}

std::chrono::system_clock::time_point system_time(const base::Clock& clock) {
  return std::chrono::time_point_cast<std::chrono::system_clock::duration>(clock.wall());
}

}  // namespace

Service::Service(ops::Settings the_settings, const Router& router, const detail::AppDefinition& the_definition,
                 const base::Clock& the_clock, ops::Findings& findings)
    : Site(std::move(the_settings), the_clock),
      definition(the_definition),
      table(router, gate::header_options(settings.headers), findings),
      webhooks(read_webhooks(table, definition, findings)) {
  check_states(table, definition, findings);
  check_cookies(table, findings);
  open_folders(definition, findings);
  check_drivers(settings, findings);
  make_clients(findings);
  set_rules();
}

void Service::make_clients(ops::Findings& findings) {
  for (const std::string& each : settings.outbound.instead) {
    if (settings.mode == ops::Mode::production) {
      findings.add("CFG-035", "outbound.instead",
                   "in production, calls would go to another origin than the code names");
    } else if (!outbound::read_instead(each)) {
      findings.add("CFG-035", "outbound.instead", "an entry is no pair of origins");
    }
  }
  const bool calls = std::any_of(table.routes().begin(), table.routes().end(),
                                 [](const auto& route) { return !route->handler.facts.outbound.empty(); });
  if (!calls) return;
  net::TrustProblem problem{};
  outbound = std::make_unique<outbound::Clients>(settings.outbound, problem);
  if (problem == net::TrustProblem::none) return;
  findings.add("CFG-035", "outbound.ca",
               problem == net::TrustProblem::file ? "the file can't be read as certificates in PEM"
                                                  : "the authorities that this system trusts can't be read");
}

void Service::set_rules() {
  rules.set(settings);
  rules.error_page = definition.error_page;
  rules.integrity.clear();
  for (const auto& route : table.routes()) {
    if (route->asset) rules.integrity.push_back({route->pattern, route->asset->integrity});
  }
  rules.set_headers(settings, table.header_options());
}

void Service::bound_to(std::uint16_t port) {
  ops::complete_origin(settings, port);
  set_rules();
}

const detail::DatabaseDriver* Service::database_driver() const noexcept {
  if (definition.database) return definition.database;
  for (const auto& route : table.routes()) {
    if (route->policy.sessions) return route->policy.sessions;
    for (const detail::PolicyFacts& each : route->options.policies) {
      if (each.sessions) return each.sessions;
    }
    if (route->handler.facts.database) return route->handler.facts.database;
  }
  return nullptr;
}

const detail::AccountsDriver* Service::accounts_driver() const noexcept {
  for (const auto& route : table.routes()) {
    if (route->handler.facts.accounts) return route->handler.facts.accounts;
  }
  return nullptr;
}

void Service::open_limits(const crypto::MasterKey& key, ops::Log* log, ops::Findings& findings) {
  auto on_change = [log](bool up, std::string_view why) {
    if (log) log_store_change(*log, up, why, true);
  };
  // Processes that share the counters must hash alike, and those that follow each other: so the key is then derived from the master key.
  if (settings.limits.store != ops::LimitStore::memory || database_driver()) {
    key.derive<crypto::purpose::RateLimitMac>().expose(
        [this](crypto::ByteView bytes) { std::memcpy(&rules.table_key, bytes.data(), sizeof rules.table_key); });
  }
  std::string problem;
  if (settings.limits.store == ops::LimitStore::shared) {
    rules.stores.local = limits::LocalLimits::shared(settings.limits.shared_file, problem);
  }
  if (const auto* const redis = limits::redis_driver(); redis && settings.limits.store == ops::LimitStore::redis) {
    rules.stores.redis = redis->make(settings.redis, std::move(on_change));
    problem = rules.stores.redis->connect();
  }
  const bool shared = settings.limits.store == ops::LimitStore::shared;
  if (!problem.empty()) findings.add("CFG-031", shared ? "limits.shared_file" : "redis.url", problem);
}

data::DatabaseOptions Service::database_options() const {
  return {.path = settings.database.path,
          .statement_limit = std::chrono::seconds(settings.database.statement_seconds),
          .now = sql_now};
}

void Service::try_stores(ops::Findings& findings) const {
  if (settings.limits.store == ops::LimitStore::shared) {
    std::string problem = limits::SharedMemory::why_not(settings.limits.shared_file);
    if (!problem.empty()) findings.add("CFG-031", "limits.shared_file", std::move(problem));
  }
  if (const auto* const redis = limits::redis_driver(); redis && settings.limits.store == ops::LimitStore::redis) {
    std::string problem = redis->make(settings.redis, [](bool, std::string_view) {})->connect();
    if (!problem.empty()) findings.add("CFG-031", "redis.url", std::move(problem));
  }
  const detail::DatabaseDriver* const driver = database_driver();
  if (!driver) return;
  const auto options = database_options();
  const std::array<data::MigrationComponent, 2> histories{
      {{"sallyport", identity::tables}, {"app", definition.migrations}}};
  static_cast<void>(with_findings_of_opening(
      findings, [&] { return !refused(driver->try_out(options, histories, system_time(clock)), options, findings); }));
}

void Service::open_stores(const crypto::MasterKey& key, ops::Log* log, ops::Findings& findings) {
  open_limits(key, log, findings);
  devices.emplace(key.derive<crypto::purpose::CookieMac>());
  sealer.emplace(key.derive<crypto::purpose::SealedCookie>());
  codes = std::make_unique<const crypto::HmacSha256>(key.derive<crypto::purpose::OneTimeCode>());
  rules.tokens = std::make_unique<const gate::CsrfTokens>(key.derive<crypto::purpose::CsrfToken>());
  rules.account_tags = std::make_unique<const crypto::HmacSha256>(key.derive<crypto::purpose::AccountTag>());
  const detail::DatabaseDriver* const driver = database_driver();
  if (!driver) return;
  const auto options = database_options();
  const bool opened = with_findings_of_opening(findings, [&] {
    const auto now = system_time(clock);
    if (refused(driver->migrate(options, "sallyport", std::span(identity::tables), now), options, findings))
      return false;
    if (refused(driver->migrate(options, "app", definition.migrations, now), options, findings)) return false;
    stored.database = driver->open(options);
    return true;
  });
  if (!opened) return;
  stored.sessions = std::make_unique<identity::SessionStore>(
      stored.database->own(), key.derive<crypto::purpose::SessionMac>(), settings.sessions, clock);
  if (!rules.stores.redis) {
    rules.stores.database = std::make_unique<limits::DatabaseLimits>(stored.database->own_engine(), clock,
                                                                     [log](bool up, std::string_view why) {
                                                                       if (log) log_store_change(*log, up, why, false);
                                                                     });
  }
  stored.session_data = std::make_unique<identity::SessionData>(
      stored.database->own(), key.derive<crypto::purpose::SessionMac>(), settings.sessions, clock);
  stored.admin = std::make_unique<AccountsAdmin>(detail::Admit::make<AccountsAdmin>(stored.database->own()));
  const detail::AccountsDriver* const accounts = accounts_driver();
  if (!accounts) return;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t queue = settings.limits.hash_queue != 0 ? settings.limits.hash_queue : 16 * cores;
  const std::size_t per_source = std::max<std::size_t>(2, queue / 8);
  stored.hasher =
      accounts->make_hasher({.memory_kib = settings.password.memory_kib, .iterations = settings.password.iterations});
  stored.hashing = std::make_unique<base::WorkerPool>(cores, queue, per_source);
  stored.accounts = accounts->make_store(stored.database->own(), *stored.hashing, *stored.hasher, clock);
}

void Service::close_stores() {
  rules.stores.redis.reset();
  outbound.reset();
  stored = {};
  rules.stores.database.reset();  // what waited in the database's queue has pointed to it
}

std::size_t Service::body_limit(const Route& route) const noexcept {
  const detail::HandlerFacts& facts = route.handler.facts;
  if (facts.body_pieces != 0) return facts.body_pieces;
  if (facts.reads_json) return settings.limits.json;
  if (facts.reads_form) return settings.limits.form;
  if (facts.webhook) return facts.body ? settings.limits.form : settings.limits.json;
  return 0;
}

}  // namespace sallyport::route
