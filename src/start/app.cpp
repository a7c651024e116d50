// Starts the service from its command line, runs it, and stops it cleanly.
#include <sallyport/app.hpp>

#include "ops/finding.hpp"
#include "ops/settings.hpp"
#include "ops/settings_table.hpp"
#include "route/service.hpp"
#include "start/policy_report.hpp"
#include "start/preparation.hpp"
#include "start/privileges.hpp"
#include "start/service_manager.hpp"
#include "start/standard_streams.hpp"
#include "start/waiver.hpp"
#include "wire/server.hpp"
#include "wire/takeover.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace sallyport::detail {
namespace {

// How often the certificate files are checked for changes.
constexpr std::chrono::seconds certificate_time{10};
// After `server.stop_seconds`: for the password hash and the SQL statement that are running, and for the log's last
// lines.
constexpr std::chrono::seconds end_time{5};

constexpr std::string_view link_variable =
    "is no setting but a link to a service, made by Kubernetes or Docker, and ignored (enableServiceLinks: false makes "
    "none)";

void print(std::FILE* file, const std::string& text) {
  // Errors are ignored: the terminal may have been closed.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), file));
  static_cast<void>(std::fflush(file));
}

// What the command line asked for. A script that reads it has to know when it is not all there.
int show(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return 0;
  print(stderr, "can't write to standard output\n");
  return 1;
}

int refuse(const ops::Findings& findings, const std::string& waivers, const ops::LoadedSettings& loaded) {
  if (loaded.action == ops::Action::check) {
    print(stdout, findings.json(waivers));
  } else {
    print(stderr, findings.text(loaded.app));
    if (!loaded.complete)
      print(stderr, "What else there is to find shows when every setting is known.\n");
    else if (loaded.settings.mode == ops::Mode::production)
      print(stderr, "To try it out on this machine: --mode development\n");
  }
  return ops::refused_exit_status;
}

int help(const ops::LoadedSettings& loaded) {
  const std::string text = ops::help_text(loaded.app, loaded.help_about);
  if (!text.empty()) return show(text);
  std::string shown = loaded.app + ": --help knows all, and the sections " + ops::section_names(", ") + ", not ";
  ops::append_printable(shown, loaded.help_about);
  return print(stderr, shown + "\n"), 2;
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
  if (!findings.empty()) return refuse(findings, waivers.json(), loaded);
  const auto report = policy_report(service.table, service.settings, waivers.list());
  switch (loaded.policy_form) {
    case ops::PolicyForm::table:
      return show(policy_table(report));
    case ops::PolicyForm::json:
      return show(policy_json(report));
    case ops::PolicyForm::lock:
      return show(policy_lock(report));
  }
  return 1;
}

void log_line(ops::Log& log, ops::EventName event, std::string_view what,
              ops::Severity severity = ops::Severity::info) {
  log.with_shared_buffer([&](ops::LogBuffer& buffer) {
    auto line = buffer.line(severity, event);
    buffer.write(line.text("reason", what));
  });
}

// Variables with our prefix that are no settings.
void print_ignored(const ops::LoadedSettings& loaded) {
  for (const std::string& name : loaded.ignored)
    print(stderr, loaded.app + ": " + name + ' ' + std::string(link_variable) + "\n");
}

// A development mode that others can reach is seen by whoever starts it, each time.
void warn_of_reach(ops::Log& log, const ops::Settings& settings) {
  if (settings.mode != ops::Mode::development || settings.server.address.is_loopback()) return;
  const std::string what = "development mode can be reached from other machines, on " + settings.server.address.text() +
                           ": its key is made here, and much of what production refuses is accepted";
  print(stderr,
        "\n*** WARNING: " + what + " ***\n" +
            (settings.tls.enabled ? "\n" : "*** Browsers there keep no session without TLS: add --tls ***\n\n"));
  log_line(log, "sys_relaxation", what, ops::Severity::warning);
}

void report_notes(ops::Log& log, const start::Waivers& waivers, const start::Notes& notes,
                  const ops::LoadedSettings& loaded) {
  using ops::Severity;
  const ops::Mode mode = loaded.settings.mode;
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
  for (const std::string& name : loaded.ignored)
    log_line(log, "sys_startup", name + ' ' + std::string(link_variable), Severity::warning);
  warn_of_reach(log, loaded.settings);
  if (notes.clock_unsynchronized) log_line(log, "sys_startup", "this machine's clock is not known to be synchronized");
  if (notes.quick_hash)
    log_line(log, "sys_startup", "one password hash takes less than 50 ms here: [password] memory_kib could be raised");
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

// Who presses Ctrl-C again does not want to wait for the requests under way.
void second_interrupt_ends() {
  static_cast<void>(std::signal(SIGINT, SIG_DFL));
  sigset_t interrupt;
  sigemptyset(&interrupt);
  sigaddset(&interrupt, SIGINT);
  ::pthread_sigmask(SIG_UNBLOCK, &interrupt, nullptr);
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

// What the main thread does while event loops serve.
class Supervisor {
 public:
  Supervisor(const sigset_t& signals, ops::Log& log, wire::Server& server, wire::TakeoverPoint& takeover,
             const start::ServiceUser& user, const start::ServiceManager& manager)
      : signals_(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)),
        log_(log),
        server_(server),
        takeover_(takeover),
        user_(user),
        manager_(manager) {
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
        manager_.reloading();
        log_.reopen();
        reload_certificates(true);
        manager_.ready("serves, loaded again");
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
  const start::ServiceManager& manager_;
};

int serve(const Router& routes, const AppDefinition& definition, int argc, char** argv) {
  const bool has_output = start::open_closed_streams();
  const sigset_t signals = block_signals();  // before any thread is started, so that all inherit the mask
  ops::Findings findings;
  auto loaded = ops::load_settings(std::span<const char* const>(argv, static_cast<std::size_t>(argc)),
                                   ops::process_environment(), findings);
  if (loaded.action == ops::Action::help) return help(loaded);
  if (loaded.action == ops::Action::version) return show(loaded.app + " (sallyport " SALLYPORT_VERSION ")\n");

  if (!findings.empty() && !loaded.complete) return refuse(findings, "[]", loaded);
  const base::SystemClock clock;
  start::Waivers waivers(definition.waivers, loaded.settings.waivers, clock.wall(), findings);
  if (loaded.action == ops::Action::policy) return print_policy(routes, definition, waivers, loaded, findings);

  start::Preparation start{routes, definition, clock, loaded, waivers, findings};
  for (const start::PreparationStep& step : start::preparation_steps()) {
    step.run(start);
    if (!start.cannot_listen.empty())
      return print(stderr, loaded.app + ": can't listen: " + start.cannot_listen + "\n"), 1;
  }
  const ops::Settings& settings = loaded.settings;
  print_ignored(loaded);
  if (!has_output && settings.log.file.empty())
    print(stderr, loaded.app + ": standard output is closed, so that the log is lost: set log.file\n");
  if (!start.all_is_well()) return refuse(findings, waivers.json(), loaded);
  if (start.checks) return show(findings.json(waivers.json()));

  // The steps have changed no data; this does, so it is done only when they have found nothing.
  route::Service& service = *start.service;
  ops::Log& log = *start.log;
  service.open_stores(*start.key, &log, findings);
  if (!start.all_is_well()) return refuse(findings, waivers.json(), loaded);

  wire::Server server(service, log, std::move(start.tls));
  wire::TakeoverPoint takeover;
  // Not read by a thread, and nothing sets it.
  const start::ServiceManager manager(std::getenv("NOTIFY_SOCKET"));  // NOLINT(concurrency-mt-unsafe)
  Supervisor supervisor(signals, log, server, takeover, start.user, manager);
  if (const std::string error = server.listen_on(std::move(start.listeners)); !error.empty())
    return print(stderr, loaded.app + ": can't listen: " + error + "\n"), 1;
  if (settings.server.port == 0) service.bound_to(server.port());
  server.start();
  const bool without_ml_kem = server.tls() && !server.tls()->offers_ml_kem();
  supervisor.log("sys_startup",
                 without_ml_kem ? "serves; TLS without X25519MLKEM768, which takes OpenSSL 3.5" : "serves");
  start.predecessor.serving();
  if (const std::string& path = settings.server.takeover; !path.empty()) {
    const std::string error = takeover.listen(path, start.user.id);
    if (!error.empty())
      supervisor.log("sys_takeover", "no process can take over from this one: " + error, ops::Severity::error);
  }
  report_notes(log, waivers, start.notes, loaded);
  print(stdout, "ready: " + service.settings.server.origin + "\n");
  manager.ready("serves " + service.settings.server.origin);

  const std::string_view reason = supervisor.run();
  second_interrupt_ends();
  const std::chrono::seconds time(settings.server.stop_seconds);
  end_within(time + end_time);
  supervisor.log("sys_shutdown", reason);
  manager.stopping(reason);
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
