// Starts services for tests.
#include "support/test_service.hpp"

#include "crypto/master_key.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace sallyport::testing {

TestService::TestService(const Router& router, std::vector<Migration> migrations,
                         const std::function<void(ops::Settings&)>& adjust,
                         std::vector<detail::AppDefinition::Provided> states) {
  ops::Settings settings;
  settings.mode = ops::Mode::development;
  settings.server.port = 0;
  settings.server.threads = 1;
  settings.database.path = folder_.file("test.db");
  settings.log.file = folder_.file("log");
  settings.password.memory_kib = 19456;
  settings.password.iterations = 2;
  settings.limits.general_per_second = 1'000'000;
  settings.limits.general_burst = 1'000'000;
  settings.limits.lag_milliseconds = 60'000;  // tests share a busy machine
  if (adjust) adjust(settings);

  ops::Findings findings;
  log_ = ops::Log::open({.file = settings.log.file,
                         .level = settings.log.level,
                         .access = settings.log.access,
                         .app = "test",
                         .version = "0"},
                        clock_, findings);
  definition_.migrations = std::move(migrations);
  if (!definition_.migrations.empty()) definition_.database = &detail::sqlite_driver;
  definition_.states = std::move(states);
  service_ = std::make_unique<route::Service>(settings, router, definition_, clock_, findings);
  const std::string key_file = settings.keys.file.empty() ? folder_.file("key") : settings.keys.file;
  crypto::MasterKey::create_file(key_file.c_str());  // leaves one that is there
  crypto::KeyFinding finding{};
  const auto key = crypto::MasterKey::load(key_file.c_str(), finding);
  service_->open_stores(*key, log_.get(), findings);
  std::unique_ptr<wire::TlsContext> tls;
  if (settings.tls.enabled) {
    settings.tls.certificate = certificate();
    settings.tls.key = folder_.file("certificate.key");
    wire::make_development_certificate(settings.tls.certificate, settings.tls.key);
    tls = wire::TlsContext::create(settings.tls, settings.mode, "localhost", findings, settings.server.http2);
  }
  if (!findings.empty()) throw std::runtime_error(findings.text("test"));
  server_ = std::make_unique<wire::Server>(*service_, *log_, std::move(tls));
  if (const std::string error = server_->listen(); !error.empty()) throw std::runtime_error(error);
  service_->bound_to(server_->port());
  server_->start();
}

TestService::~TestService() {
  server_->stop(std::chrono::milliseconds(0));
  service_->close_stores();
}

void TestService::advance(std::chrono::nanoseconds time) {
  clock_.advance(time);
  server_->tick();
}

std::string TestService::log() {
  log_->flush();
  std::ifstream file(service_->settings.log.file);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace sallyport::testing
