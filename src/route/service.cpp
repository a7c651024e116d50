// Puts a service together from its settings and routes, and says what stands against it.
#include "route/service.hpp"

#include "data/migrate.hpp"
#include "identity/tables.hpp"
#include "ops/origin.hpp"

#include <algorithm>
#include <string>

namespace sallyport::route {
namespace {

// The window of the policy is the time in which a whole burst comes back (draft-ietf-httpapi-ratelimit-headers).
std::string rate_limit_policy(const ops::LimitSettings& limits) {
  const std::uint32_t window = std::max(1U, limits.general_burst / std::max(1U, limits.general_per_second));
  return "\"general\";q=" + std::to_string(limits.general_burst) + ";w=" + std::to_string(window);
}

bool needs_database(const RouteTable& table, const detail::AppDefinition& definition) {
  if (!definition.migrations.empty()) return true;
  return std::any_of(table.routes().begin(), table.routes().end(),
                     [](const auto& route) { return route->needs_session() || route->handler.facts.uses_database; });
}

void check_states(const RouteTable& table, const detail::AppDefinition& definition, ops::Findings& findings) {
  for (const auto& route : table.routes()) {
    for (std::size_t i = 0; i < route->handler.facts.state_count; ++i) {
      const void* const key = route->handler.facts.states[i];
      const bool provided = std::any_of(definition.states.begin(), definition.states.end(),
                                        [&](const auto& state) { return state.key == key; });
      if (!provided) {
        findings.add("CFG-030", route->pattern, "the handler takes a State<T> that nobody has provided",
                     "call app.provide<T>(…) before app.run()");
      }
    }
  }
}

bool migrate(const data::DatabaseOptions& options, std::string_view component, std::span<const Migration> steps,
             std::chrono::system_clock::time_point now, ops::Findings& findings) {
  const auto result = data::migrate(options, component, steps, now);
  if (result.error == data::MigrationError::none) return true;
  findings.add("CFG-061", options.path, result.message);
  return false;
}

}  // namespace

Service::Service(ops::Settings the_settings, const Router& router, const detail::AppDefinition& the_definition,
                 const ops::Clock& the_clock, ops::Findings& findings)
    : settings(std::move(the_settings)), definition(the_definition), clock(the_clock), table(router, findings) {
  check_states(table, definition, findings);
  set_rules();
}

void Service::set_rules() {
  rules.tls = settings.tls.enabled;
  rules.development = settings.mode == ops::Mode::development;
  rules.origin = settings.server.origin;
  rules.hosts = settings.server.allowed_hosts;
  rules.trusted_proxies = settings.server.trusted_proxies;
  rules.general_per_second = settings.limits.general_per_second;
  rules.general_burst = settings.limits.general_burst;
  rules.query_bytes = settings.limits.query;
  rules.compress_bytes = settings.limits.compress_bytes;
  rules.table_key = crypto::SipHashKey::random();
  rules.general = std::make_unique<store::GcraTable>();
  rules.strangers = std::make_unique<store::GcraTable>(4096);
  rules.headers = gate::HeaderBlocks({.tls = rules.origin.starts_with("https:"), .development = rules.development});
  rules.headers_in_clear = gate::HeaderBlocks({.tls = false, .development = rules.development});
  rules.rate_limit_policy = rate_limit_policy(settings.limits);
}

void Service::bound_to(std::uint16_t port) {
  ops::settle_origin(settings, port);
  set_rules();
}

bool Service::stores_data() const { return needs_database(table, definition); }

void Service::open_stores(const crypto::MasterKey& key, ops::Findings& findings) {
  if (!stores_data()) return;
  const data::DatabaseOptions options{.path = settings.database.path};
  try {
    const auto now = std::chrono::time_point_cast<std::chrono::system_clock::duration>(clock.wall());
    if (!migrate(options, "sallyport", identity::tables, now, findings)) return;
    if (!migrate(options, "app", definition.migrations, now, findings)) return;
    stored.database = std::make_unique<data::Database>(options);
  } catch (const std::exception& error) {
    findings.add("CFG-061", "database.path", error.what(),
                 "see that the service's user may write the file and its folder");
    return;
  }
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t queue = settings.limits.hash_queue != 0 ? settings.limits.hash_queue : 2 * cores;
  stored.hasher = std::make_unique<crypto::PasswordHasher>(
      crypto::Argon2Parameters{.memory_kib = settings.password.memory_kib, .iterations = settings.password.iterations});
  stored.hashing = std::make_unique<ops::WorkerPool>(cores, queue);
  stored.accounts =
      std::make_unique<identity::AccountStore>(stored.database->db(), *stored.hashing, *stored.hasher, clock);
  stored.sessions = std::make_unique<identity::SessionStore>(
      stored.database->db(), key.derive<crypto::purpose::SessionMac>(), settings.sessions, clock);
}

std::size_t Service::body_limit(const Route& route) const noexcept {
  const detail::HandlerFacts& facts = route.handler.facts;
  if (facts.body_pieces != 0) return facts.body_pieces;
  if (facts.reads_json) return settings.limits.json;
  if (facts.reads_form) return settings.limits.form;
  return 0;
}

}  // namespace sallyport::route
