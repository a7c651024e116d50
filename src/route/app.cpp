// From the command line to a serving process, and back to a clean end.
#include <sallyport/app.hpp>

#include "crypto/master_key.hpp"
#include "ops/finding.hpp"
#include "ops/origin.hpp"
#include "ops/settings.hpp"
#include "ops/start_rules.hpp"
#include "route/service.hpp"
#include "wire/server.hpp"

#include <pthread.h>
#include <sys/stat.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace sallyport::detail {
namespace {

constexpr const char* development_key = "var/development.key";
constexpr const char* development_certificate = "var/development-certificate.pem";
constexpr const char* development_certificate_key = "var/development-certificate.key";

void print(std::FILE* file, const std::string& text) {
  // Where the terminal is gone there is nobody to tell.
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), file));
  static_cast<void>(std::fflush(file));
}

int refuse(const ops::Findings& findings, const std::string& app, ops::Action action, bool production) {
  if (action == ops::Action::check) {
    print(stdout, findings.json());
  } else {
    print(stderr, findings.text(app));
    if (production) print(stderr, "To try it out on this machine: --mode development\n");
  }
  return ops::refused_exit_status;
}

// What development mode makes for itself, under var/: a key, and a certificate when TLS is asked for without one.
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

std::optional<crypto::MasterKey> load_key(const ops::Settings& settings, ops::Findings& findings) {
  if (settings.keys.file.empty()) return std::nullopt;  // CFG-001 has been found already
  crypto::KeyFinding finding{};
  auto key = crypto::MasterKey::load(settings.keys.file.c_str(), finding);
  if (!key) findings.add(code_of(finding), settings.keys.file, std::string(crypto::reason(finding)));
  return key;
}

// The host that a certificate must be for, without the port.
std::string host_of(const std::string& origin) {
  const auto parsed = ops::parse_origin(origin);
  if (!parsed) return {};
  const std::string_view authority = parsed->authority;
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.rfind(':')));
}

// SIGINT and SIGTERM are waited for by the main thread; no other thread sees them. A peer that is gone is an error code, not a SIGPIPE.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
  return signals;
}

int serve(const Router& routes, const AppDefinition& definition, int argc, char** argv) {
  const sigset_t signals = block_signals();  // before any thread is started, so that all inherit the mask
  ops::Findings findings;
  auto loaded = ops::load_settings(std::span<const char* const>(argv, static_cast<std::size_t>(argc)),
                                   ops::process_environment(), findings);
  if (loaded.action == ops::Action::help) return print(stdout, ops::help_text(loaded.app)), 0;
  if (loaded.action == ops::Action::version)
    return print(stdout, loaded.app + " (sallyport " SALLYPORT_VERSION ")\n"), 0;

  ops::Settings& settings = loaded.settings;
  if (settings.mode == ops::Mode::development && loaded.action == ops::Action::serve)
    prepare_development(settings, findings);
  ops::check_settings(settings, findings);
  const auto key = loaded.action == ops::Action::check && settings.mode == ops::Mode::development
                       ? std::nullopt
                       : load_key(settings, findings);

  const ops::SystemClock clock;
  const auto log = ops::Log::open({.file = settings.log.file,
                                   .level = settings.log.level,
                                   .access = settings.log.access,
                                   .app = loaded.app,
                                   .version = SALLYPORT_VERSION},
                                  clock, findings);
  route::Service service(settings, routes, definition, clock, findings);
  std::unique_ptr<wire::TlsContext> tls;
  if (settings.tls.enabled && !settings.tls.certificate.empty() && !settings.tls.key.empty()) {
    tls = wire::TlsContext::create(settings.tls, settings.mode, host_of(settings.server.origin), findings);
  }
  if (!findings.empty()) return refuse(findings, loaded.app, loaded.action, settings.mode == ops::Mode::production);
  if (loaded.action == ops::Action::check) return print(stdout, findings.json()), 0;

  // Findings above cost nothing to make; this writes to the disk, so it comes when they are mended.
  service.open_stores(*key, findings);
  if (!findings.empty()) return refuse(findings, loaded.app, loaded.action, settings.mode == ops::Mode::production);

  wire::Server server(service, *log, std::move(tls));
  if (const std::string error = server.listen(); !error.empty()) {
    print(stderr, loaded.app + ": can't listen on port " + std::to_string(settings.server.port) + ": " + error + "\n");
    return 1;
  }
  if (settings.server.port == 0) service.bound_to(server.port());
  server.start();
  log->with_shared_buffer(
      [](ops::LogBuffer& buffer) { buffer.write(buffer.line(ops::Severity::info, "sys_startup")); });
  print(stdout, "ready: " + service.settings.server.origin + "\n");

  int signal = 0;
  sigwait(&signals, &signal);
  log->with_shared_buffer(
      [](ops::LogBuffer& buffer) { buffer.write(buffer.line(ops::Severity::info, "sys_shutdown")); });
  server.stop(std::chrono::seconds(settings.server.stop_seconds));
  service.stored = {};  // ends the pools while the loops that their jobs point to still exist
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
