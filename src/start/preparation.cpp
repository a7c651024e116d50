// The steps of a start.
#include "start/preparation.hpp"

#include "base/descriptor_budget.hpp"
#include "base/file_place.hpp"
#include "gate/cors.hpp"
#include "gate/headers.hpp"
#include "http/origin.hpp"
#include "start/hardening.hpp"
#include "start/machine_checks.hpp"
#include "start/policy_report.hpp"
#include "start/start_checks.hpp"
#include "start/start_rules.hpp"
#include "wire/server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <utility>

namespace sallyport::start {
namespace {

constexpr const char* development_key = "var/development.key";
constexpr const char* development_certificate = "var/development-certificate.pem";
constexpr const char* development_certificate_key = "var/development-certificate.key";

bool is_there(const char* path) noexcept { return ::access(path, F_OK) == 0; }

bool production(const Preparation& start) noexcept { return start.settings.mode == ops::Mode::production; }

void harden(Preparation& start) {
  harden_process(start.settings.mode, start.findings);
  base::raise_descriptor_limit();
}

// What development mode makes under var/: a key, and a certificate when TLS is enabled without one. A check looks whether it could.
void prepare_development(Preparation& start) {
  if (production(start)) return;
  ops::Settings& settings = start.settings;
  const auto could_make = [&](const char* path) { return is_there(path) || base::look_at_place(path).error == 0; };
  if (!start.checks) ::mkdir("var", S_IRWXU);
  if (settings.keys.file.empty()) {
    const int error = start.checks ? EEXIST : crypto::MasterKey::create_file(development_key);
    if ((error != 0 && error != EEXIST) || !could_make(development_key))
      start.findings.add("CFG-001", development_key, "the development key can't be written",
                         "run where var/ can be written");
    if (!start.checks || is_there(development_key)) settings.keys.file = development_key;
  }
  if (settings.tls.enabled && settings.tls.certificate.empty() && settings.tls.key.empty()) {
    const bool made = start.checks
                          ? could_make(development_certificate)
                          : wire::make_development_certificate(development_certificate, development_certificate_key);
    if (!made)
      start.findings.add("CFG-013", development_certificate, "the development certificate can't be written",
                         "run where var/ can be written");
    if (start.checks) return;  // it may be an old one, which a start makes again
    settings.tls.certificate = development_certificate;
    settings.tls.key = development_certificate_key;
  }
}

void look_at_settings(Preparation& start) {
  check_settings(start.settings, start.findings);
  gate::check_header_settings(start.settings.headers, start.findings);
  gate::check_origin_settings(start.settings, start.findings);
  for (const detail::SecretFault& fault : start.definition.secret_faults)
    start.findings.add("CFG-006", fault.file, fault.problem, fault.fix);
}

void find_user(Preparation& start) {
  start.user = service_user(start.settings, start.findings);
  const std::string& takeover = start.settings.server.takeover;
  if (!takeover.empty() && is_takeover_place(takeover))
    wire::check_takeover_path(takeover, start.user.id, start.findings);
}

ops::RefusalCode code_of(crypto::KeyFinding finding) {
  const std::string_view code = crypto::refusal_code(finding);
  if (code == "CFG-002") return "CFG-002";
  if (code == "CFG-003") return "CFG-003";
  if (code == "CFG-004") return "CFG-004";
  return "CFG-001";
}

// What to do about it, to be pasted as it is; empty where the words of the table do.
std::string key_fix(crypto::KeyFinding finding, const ops::Settings& settings) {
  using crypto::KeyFinding;
  const std::string& file = settings.keys.file;
  const std::string& user = settings.server.user;
  if (finding == KeyFinding::missing)
    return "make one: `sallyport keys new " + file + "` (an empty file there: delete it first)";
  if (finding == KeyFinding::too_accessible) return "`chmod 0400 " + file + '`';
  if (finding == KeyFinding::unreadable || finding == KeyFinding::wrong_owner)
    return "`chown " + (user.empty() ? "$USER" : user) + ' ' + file + " && chmod 0400 " + file + "` as root";
  return {};
}

void load_key(Preparation& start) {
  const ops::Settings& settings = start.settings;
  if (settings.keys.file.empty()) return;  // CFG-001 has been reported already, or a start in development makes one
  crypto::KeyFinding finding{};
  start.key = crypto::MasterKey::load(settings.keys.file.c_str(), finding);
  if (!start.key && finding == crypto::KeyFinding::wrong_owner && start.user.changes) {
    const ActAs service(start.user);  // the owner may be the user that this process will change to
    start.key = crypto::MasterKey::load(settings.keys.file.c_str(), finding);
  }
  if (!start.key)
    start.findings.add(code_of(finding), settings.keys.file, std::string(crypto::reason(finding)),
                       key_fix(finding, settings));
}

// The host that a certificate must be for, without the port.
std::string host_of(const std::string& origin) {
  const auto parsed = http::parse_origin(origin);
  if (!parsed) return {};
  const std::string_view authority = parsed->authority;
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.rfind(':')));
}

void load_certificates(Preparation& start) {
  const ops::Settings& settings = start.settings;
  if (!settings.tls.enabled || settings.tls.certificate.empty() || settings.tls.key.empty()) return;
  start.tls = wire::TlsContext::create(settings.tls, settings.mode, host_of(settings.server.origin), start.findings,
                                       settings.server.http2);
}

void make_service(Preparation& start) {
  start.service =
      std::make_unique<route::Service>(start.settings, start.routes, start.definition, start.clock, start.findings);
}

void look_at_passwords(Preparation& start) {
  const detail::AccountsDriver* const accounts = start.service->accounts_driver();
  if (!accounts) return;
  check_argon2(accounts->argon2id, start.findings);
  if (!production(start)) return;
  const auto time = time_of_hash(accounts->argon2id, start.settings.password);
  check_hash_time(time, start.findings);
  start.notes.quick_hash = time && *time < quick_hash;
}

void look_at_machine(Preparation& start) {
  start.notes.clock_unsynchronized = clock_unsynchronized();
  check_hardening(start.settings.mode, start.findings);
  if (production(start)) check_test_kit(start.findings);
  check_machine(start.clock.wall(), start.findings);
  look_at_passwords(start);
}

// The checks of the routes, which need more than the settings.
void look_at_routes(Preparation& start) {
  const route::Service& service = *start.service;
  ops::Findings& findings = start.findings;
  check_attempts(service.table, findings);
  check_folders(service.table, start.definition, start.settings, findings);
  check_sign_in_page(service.table, start.definition.sign_in_page, findings);
  const auto report = policy_report(service.table, start.settings, start.waivers.list());
  start.notes.relaxations = relaxation_lines(report);
  if (production(start) && !start.settings.policy_lock.empty())
    check_policy_lock(start.settings.policy_lock, policy_lock(report), findings);
}

// Those of the running process that this one takes over from, those that systemd has opened, or new ones.
void open_listeners(Preparation& start) {
  const ops::ServerSettings& settings = start.settings.server;
  auto sockets = wire::activated_sockets();
  if (sockets.empty()) {
    const wire::PortProblem problem = wire::try_ports(settings);
    if (problem.error != 0)
      start.findings.add("CFG-024", problem.denied() ? "server.port" : "server.address",
                         "can't listen on " + problem.text(),
                         problem.denied() ? "choose a port that this user may open: server.port = 8080; or start it as "
                                            "root with server.user = \"notes\""
                                          : "name an address of this machine: server.address = \"0.0.0.0\"");
  }
  if (start.checks || !start.all_is_well()) return;
  std::string& error = start.cannot_listen;
  if (sockets.empty() && !settings.takeover.empty())
    error = start.predecessor.ask(settings.takeover, start.user.id, sockets);
  if (error.empty()) error = start.listeners.adopt(std::move(sockets), settings);
  if (error.empty()) error = start.listeners.bind(settings, wire::event_loop_count(settings));
}

// From here on the process can do what it can do while it serves.
void become_user(Preparation& start) { drop_privileges(start.user, start.settings.mode, start.findings); }

// What is read or written again later, when root's rights are gone.
void look_at_files(Preparation& start) {
  if (start.tls) check_certificate_files(start.settings.tls, start.user.name, start.findings);
  check_folder_rights(start.service->table, start.definition, start.settings, start.findings);
}

bool user_is_right(const Preparation& start) {
  const auto& list = start.findings.list();
  return std::none_of(list.begin(), list.end(), [](const ops::Finding& finding) { return finding.code == "CFG-021"; });
}

void open_log(Preparation& start) {
  if (!user_is_right(start)) return;  // its file would be another user's
  const ops::LogSettings& settings = start.settings.log;
  start.log = ops::Log::open({.file = settings.file,
                              .level = settings.level,
                              .access = settings.access,
                              .app = start.loaded.app,
                              .version = SALLYPORT_VERSION},
                             start.clock, start.findings);
}

void try_stores(Preparation& start) {
  if (user_is_right(start)) start.service->try_stores(start.findings);
}

constexpr PreparationStep steps[] = {
    {"process", harden},  // before there are secrets
    {"development files", prepare_development},
    {"settings", look_at_settings, true},
    {"user", find_user},
    {"master key", load_key},
    {"certificates", load_certificates},
    {"routes", make_service, true},
    {"machine", look_at_machine},
    {"policies", look_at_routes, true},
    {"ports", open_listeners},  // the last one that may need root
    {"rights", become_user},
    {"files", look_at_files},
    {"log", open_log},
    {"stores", try_stores},
};

}  // namespace

std::span<const PreparationStep> preparation_steps() noexcept { return steps; }

}  // namespace sallyport::start
