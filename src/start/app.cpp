// Starts the service from its command line, runs it, and stops it cleanly.
#include <sallyport/app.hpp>

#include "base/descriptor_budget.hpp"
#include "crypto/master_key.hpp"
#include "gate/cors.hpp"
#include "gate/headers.hpp"
#include "http/origin.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"
#include "route/service.hpp"
#include "start/hardening.hpp"
#include "start/machine_checks.hpp"
#include "start/policy_report.hpp"
#include "start/privileges.hpp"
#include "start/start_checks.hpp"
#include "start/start_rules.hpp"
#include "start/waiver.hpp"
#include "wire/listeners.hpp"
#include "wire/server.hpp"
#include "wire/takeover.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace sallyport::detail {
namespace {

constexpr const char* development_key = "var/development.key";
constexpr const char* development_certificate = "var/development-certificate.pem";
constexpr const char* development_certificate_key = "var/development-certificate.key";
// How often the certificate files are checked for changes.
constexpr std::chrono::seconds certificate_time{10};
// After `server.stop_seconds`: for the password hash and the SQL statement that are running, and for the log's last
// lines.
constexpr std::chrono::seconds end_time{5};

void print(std::FILE* file, const std::string& text) {
  // Errors are ignored: the terminal may have been closed.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), file));
  static_cast<void>(std::fflush(file));
}

int refuse(const ops::Findings& findings, const start::Waivers& waivers, const ops::LoadedSettings& loaded) {
  if (loaded.action == ops::Action::check) {
    print(stdout, findings.json(waivers.json()));
  } else {
    print(stderr, findings.text(loaded.app));
    if (loaded.settings.mode == ops::Mode::production)
      print(stderr, "To try it out on this machine: --mode development\n");
  }
  return ops::refused_exit_status;
}

// What development mode makes under var/: a key, and a certificate when TLS is enabled without one.
void prepare_development(ops::Settings& settings, ops::Findings& findings) {
  ::mkdir("var", 0700);
  if (settings.keys.file.empty()) {
    const int error = crypto::MasterKey::create_file(development_key);
    if (error != 0 && error != EEXIST)
      findings.add("CFG-001", development_key, "the development key can't be written", "run where var/ can be written");
    settings.keys.file = development_key;
  }
  if (settings.tls.enabled && settings.tls.certificate.empty() && settings.tls.key.empty()) {
    if (!wire::make_development_certificate(development_certificate, development_certificate_key)) {
      findings.add("CFG-013", development_certificate, "the development certificate can't be written",
                   "run where var/ can be written");
    }
    settings.tls.certificate = development_certificate;
    settings.tls.key = development_certificate_key;
  }
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

std::optional<crypto::MasterKey> load_key(const ops::Settings& settings, const start::ServiceUser& user,
                                          ops::Findings& findings) {
  if (settings.keys.file.empty()) return std::nullopt;  // CFG-001 has been reported already
  crypto::KeyFinding finding{};
  auto key = crypto::MasterKey::load(settings.keys.file.c_str(), finding);
  if (!key && finding == crypto::KeyFinding::wrong_owner && user.changes) {
    const start::ActAs service(user);  // the owner may be the user that this process will change to
    key = crypto::MasterKey::load(settings.keys.file.c_str(), finding);
  }
  if (!key)
    findings.add(code_of(finding), settings.keys.file, std::string(crypto::reason(finding)),
                 key_fix(finding, settings));
  return key;
}

// `--policy`: needs valid settings and routes, but neither keys nor a machine that passes the start-up checks.
int print_policy(const Router& routes, const AppDefinition& definition, const start::Waivers& waivers,
                 const ops::LoadedSettings& loaded, ops::Findings& findings) {
  const base::SystemClock clock;
  ops::Findings of_service;
  const route::Service service(loaded.settings, routes, definition, clock, of_service);
  for (const ops::Finding& finding : of_service.list()) {
    if (finding.code == "CFG-030") findings.add(finding);
  }
  if (!findings.empty()) return refuse(findings, waivers, loaded);
  const auto report = policy_report(service.table, service.settings, waivers.list());
  switch (loaded.policy_form) {
    case ops::PolicyForm::table:
      return print(stdout, policy_table(report)), 0;
    case ops::PolicyForm::json:
      return print(stdout, policy_json(report)), 0;
    case ops::PolicyForm::lock:
      return print(stdout, policy_lock(report)), 0;
  }
  return 1;
}

// What every start prints and logs about this service.
struct Notes {
  std::vector<std::string> relaxations;
  bool clock_unsynchronized = false;
  bool quick_hash = false;
};

void check_passwords(const route::Service& service, Notes& notes, ops::Findings& findings) {
  const AccountsDriver* const accounts = service.accounts_driver();
  if (!accounts) return;
  start::check_argon2(accounts->argon2id, findings);
  if (service.settings.mode == ops::Mode::development) return;
  const auto time = start::time_of_hash(accounts->argon2id, service.settings.password);
  start::check_hash_time(time, findings);
  notes.quick_hash = time && *time < start::quick_hash;
}

// The checks of the program, its routes and its machine, which need more than the settings.
Notes check_surroundings(const route::Service& service, const start::Waivers& waivers, const base::Clock& clock,
                         ops::Findings& findings) {
  const ops::Settings& settings = service.settings;
  Notes notes{.relaxations = {}, .clock_unsynchronized = start::clock_unsynchronized()};
  start::check_hardening(settings.mode, findings);
  start::check_machine(clock.wall(), findings);
  start::check_attempts(service.table, findings);
  start::check_folders(service.table, service.definition, settings, findings);
  start::check_sign_in_page(service.table, service.definition.sign_in_page, findings);
  check_passwords(service, notes, findings);
  const auto report = policy_report(service.table, settings, waivers.list());
  notes.relaxations = relaxation_lines(report);
  if (settings.mode == ops::Mode::production && !settings.policy_lock.empty())
    start::check_policy_lock(settings.policy_lock, policy_lock(report), findings);
  return notes;
}

void log_line(ops::Log& log, ops::EventName event, std::string_view what,
              ops::Severity severity = ops::Severity::info) {
  log.with_shared_buffer([&](ops::LogBuffer& buffer) {
    auto line = buffer.line(severity, event);
    buffer.write(line.text("reason", what));
  });
}

void report_notes(ops::Log& log, const start::Waivers& waivers, const Notes& notes, ops::Mode mode) {
  using ops::Severity;
  for (const start::Waiver& waiver : waivers.list()) {
    print(stdout, waivers.line(waiver) + "\n");
    if (waivers.expired(waiver)) continue;
    log.with_shared_buffer([&](ops::LogBuffer& buffer) {
      auto line = buffer.line(Severity::warning, "sys_waiver");
      line.text("code", waiver.code).text("reason", waiver.reason).text("until", start::day_text(waiver.until));
      buffer.write(line.flag("used", waiver.used));
    });
  }
  for (const std::string& line : notes.relaxations) {
    if (mode == ops::Mode::production) {
      log_line(log, "sys_relaxation", line, Severity::warning);
    } else {
      std::string shown;
      ops::append_printable(shown, line);
      print(stdout, shown + "\n");
    }
  }
  if (notes.clock_unsynchronized) log_line(log, "sys_startup", "this machine's clock is not known to be synchronized");
  if (notes.quick_hash)
    log_line(log, "sys_startup", "one password hash takes less than 50 ms here: [password] memory_kib could be raised");
}

// The host that a certificate must be for, without the port.
std::string host_of(const std::string& origin) {
  const auto parsed = http::parse_origin(origin);
  if (!parsed) return {};
  const std::string_view authority = parsed->authority;
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.rfind(':')));
}

// The main thread waits for signals; they are blocked in all other threads. A closed connection is an error code, not a
// SIGPIPE.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  return signals;
}

// A handler that blocks its event loop can't be stopped: this ends the process in any case.
void end_within(std::chrono::seconds time) {
  static_cast<void>(std::signal(SIGALRM, [](int) {
    constexpr char text[] = "ended by force: something did not stop in time\n";
    (void)!::write(STDERR_FILENO, text, sizeof text - 1);
    ::_exit(1);
  }));
  ::alarm(static_cast<unsigned>(time.count()));
}

// The sockets to serve on: those of the running process that this one takes over from, those that systemd has opened, or new ones.
std::string open_listeners(const ops::ServerSettings& settings, const start::ServiceUser& user,
                           wire::Predecessor& predecessor, wire::Listeners& listeners) {
  auto sockets = wire::activated_sockets();
  std::string error;
  if (sockets.empty() && !settings.takeover.empty()) error = predecessor.ask(settings.takeover, user.id, sockets);
  if (error.empty()) error = listeners.adopt(std::move(sockets), settings);
  return error.empty() ? listeners.bind(settings, wire::event_loop_count(settings)) : error;
}

// What the main thread does while event loops serve.
class Supervisor {
 public:
  Supervisor(const sigset_t& signals, ops::Log& log, wire::Server& server, wire::TakeoverPoint& takeover,
             const start::ServiceUser& user)
      : signals_(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)),
        log_(log),
        server_(server),
        takeover_(takeover),
        user_(user) {
    if (!signals_) throw std::system_error(errno, std::generic_category(), "signalfd");
  }

  /// Runs until the service has to stop. Returns the reason.
  std::string_view run() {
    auto look = std::chrono::steady_clock::now() + certificate_time;
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(look - std::chrono::steady_clock::now());
      const auto takeover = takeover_.waits_for();
      std::array<pollfd, 3> waits{pollfd{signals_.get(), POLLIN, 0}, takeover[0], takeover[1]};
      const int ready =
          ::poll(waits.data(), waits.size(), static_cast<int>(std::max(left.count(), left.zero().count())));
      if (std::chrono::steady_clock::now() >= look) {
        look = std::chrono::steady_clock::now() + certificate_time;
        reload_certificates(false);
      }
      if (ready <= 0) continue;
      for (signalfd_siginfo signal{}; ::read(signals_.get(), &signal, sizeof signal) == sizeof signal;) {
        if (signal.ssi_signo != SIGHUP) return "signal";
        log_.reopen();
        reload_certificates(true);
      }
      if (handle_takeover()) return "taken over";
    }
  }

  void log(ops::EventName event, std::string_view what, ops::Severity severity = ops::Severity::info) {
    log_line(log_, event, what, severity);
  }

 private:
  void reload_certificates(bool asked) {
    using Reload = wire::TlsContext::Reload;
    ops::Findings findings;
    Reload outcome = Reload::unchanged;
    if (wire::TlsContext* const tls = server_.tls())
      outcome = asked ? tls->reload(findings) : tls->reload_if_changed(findings);
    for (const ops::Finding& finding : findings.list()) {
      std::string text = finding.where + ": " + finding.reason;
      if (user_.changes) text += " (files are read as the user " + user_.name + " now)";
      log("sys_reload", text, ops::Severity::error);
    }
    std::string text = asked ? "SIGHUP: the log file is opened again" : "";
    if (outcome != Reload::unchanged) {
      text += text.empty() ? "" : ", ";
      text += outcome == Reload::loaded ? "the certificates are loaded again" : "the certificates stay as they were";
    }
    if (!text.empty()) log("sys_reload", text);
  }

  [[nodiscard]] bool handle_takeover() {
    switch (takeover_.handle(server_.listening_sockets())) {
      case wire::TakeoverPoint::Event::successor_serves:
        return true;
      case wire::TakeoverPoint::Event::handed_out:
        log("sys_takeover", "a new process has the listening sockets");
        return false;
      case wire::TakeoverPoint::Event::successor_died:
        log("sys_takeover", "the new process has ended before it served: this one goes on", ops::Severity::error);
        return false;
      case wire::TakeoverPoint::Event::nothing:
        return false;
    }
    return false;
  }

  const base::Descriptor signals_;
  ops::Log& log_;
  wire::Server& server_;
  wire::TakeoverPoint& takeover_;
  const start::ServiceUser& user_;
};

int serve(const Router& routes, const AppDefinition& definition, int argc, char** argv) {
  const sigset_t signals = block_signals();  // before any thread is started, so that all inherit the mask
  ops::Findings findings;
  auto loaded = ops::load_settings(std::span<const char* const>(argv, static_cast<std::size_t>(argc)),
                                   ops::process_environment(), findings);
  if (loaded.action == ops::Action::help) return print(stdout, ops::help_text(loaded.app)), 0;
  if (loaded.action == ops::Action::version)
    return print(stdout, loaded.app + " (sallyport " SALLYPORT_VERSION ")\n"), 0;

  ops::Settings& settings = loaded.settings;
  const base::SystemClock clock;
  start::Waivers waivers(definition.waivers, settings.waivers, clock.wall(), findings);
  if (loaded.action == ops::Action::policy) return print_policy(routes, definition, waivers, loaded, findings);
  const bool checks = loaded.action == ops::Action::check;
  const bool production = settings.mode == ops::Mode::production;
  start::harden_process(settings.mode, findings);  // before there are secrets
  base::raise_descriptor_limit();
  if (!production && !checks) prepare_development(settings, findings);
  start::check_settings(settings, findings);
  gate::check_header_settings(settings.headers, findings);
  gate::check_origin_settings(settings, findings);
  const start::ServiceUser user = start::service_user(settings, findings);
  if (!settings.server.takeover.empty()) wire::check_takeover_path(settings.server.takeover, user.id, findings);
  const auto key = checks && !production ? std::nullopt : load_key(settings, user, findings);
  std::unique_ptr<wire::TlsContext> tls;
  if (settings.tls.enabled && !settings.tls.certificate.empty() && !settings.tls.key.empty()) {
    tls = wire::TlsContext::create(settings.tls, settings.mode, host_of(settings.server.origin), findings,
                                   settings.server.http2);
  }
  route::Service service(settings, routes, definition, clock, findings);
  const Notes notes = check_surroundings(service, waivers, clock, findings);
  waivers.apply(findings);

  // What needs root has been done before or is done here; files that the service makes belong to its user.
  wire::Predecessor predecessor;
  wire::Listeners listeners;
  if (!checks && findings.empty()) {
    const std::string error = open_listeners(settings.server, user, predecessor, listeners);
    if (!error.empty()) return print(stderr, loaded.app + ": can't listen: " + error + "\n"), 1;
  }
  drop_privileges(user, settings.mode, findings);
  const auto log = ops::Log::open({.file = settings.log.file,
                                   .level = settings.log.level,
                                   .access = settings.log.access,
                                   .app = loaded.app,
                                   .version = SALLYPORT_VERSION},
                                  clock, findings);
  waivers.apply(findings);
  if (!findings.empty()) return refuse(findings, waivers, loaded);
  if (checks) return print(stdout, findings.json(waivers.json())), 0;

  // The checks above change nothing; this writes to the disk, so it is done only when they have found nothing.
  service.open_stores(*key, log.get(), findings);
  waivers.apply(findings);
  if (!findings.empty()) return refuse(findings, waivers, loaded);

  wire::Server server(service, *log, std::move(tls));
  wire::TakeoverPoint takeover;
  Supervisor supervisor(signals, *log, server, takeover, user);
  if (const std::string error = server.listen_on(std::move(listeners)); !error.empty())
    return print(stderr, loaded.app + ": can't listen: " + error + "\n"), 1;
  if (settings.server.port == 0) service.bound_to(server.port());
  server.start();
  const bool without_ml_kem = server.tls() && !server.tls()->offers_ml_kem();
  supervisor.log("sys_startup",
                 without_ml_kem ? "serves; TLS without X25519MLKEM768, which takes OpenSSL 3.5" : "serves");
  predecessor.serving();
  if (const std::string& path = settings.server.takeover; !path.empty()) {
    const std::string error = takeover.listen(path, user.id);
    if (!error.empty())
      supervisor.log("sys_takeover", "no process can take over from this one: " + error, ops::Severity::error);
  }
  report_notes(*log, waivers, notes, settings.mode);
  print(stdout, "ready: " + service.settings.server.origin + "\n");

  const std::string_view reason = supervisor.run();
  const std::chrono::seconds time(settings.server.stop_seconds);
  end_within(time + end_time);
  supervisor.log("sys_shutdown", reason);
  server.stop(time);
  service.close_stores();
  return 0;
}

}  // namespace

int run(const Router& routes, const AppDefinition& definition, int argc, char** argv) {
  try {
    return serve(routes, definition, argc, argv);
  } catch (const std::exception& error) {
    print(stderr, std::string("can't start: ") + error.what() + "\n");
    return 1;
  }
}

}  // namespace sallyport::detail
