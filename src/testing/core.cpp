// Starts a service for a test, runs its event loop, and moves its time.
#include "testing/core.hpp"

#include "base/file_io.hpp"
#include "base/timing_wheel.hpp"
#include "crypto/master_key.hpp"
#include "ops/settings_table.hpp"
#include "start/preparation.hpp"
#include "start/waiver.hpp"

#include <boost/asio/io_context.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

// A program that holds this file is none for production: see start/start_checks.cpp.
extern "C" const bool sallyport_testing;
const bool sallyport_testing = true;

namespace sallyport::detail {

struct AppParts {
  static AppDefinition& definition(App& app) noexcept { return app.definition_; }
};

}  // namespace sallyport::detail

namespace sallyport::test::detail {
namespace {

using namespace std::chrono_literals;

// How long a worker may take, by the machine's time, before the test is told instead of hanging.
constexpr std::chrono::seconds patience{60};

// What a process has and a service of a test has not, or what the kit chooses.
constexpr std::array<std::string_view, 20> not_for_tests{
    "mode",        "policy_lock",     "server.port",          "server.address",        "server.threads",
    "server.user", "server.takeover", "server.redirect_port", "server.proxy_protocol", "server.http2",
    "keys.file",   "log.file",        "database.path",        "limits.store",          "limits.shared_file",
    "redis.url",   "redis.user",      "redis.password_file",  "password.memory_kib",   "password.iterations"};

Task<void> given_on(sallyport::detail::OwnedTask<void> task) {
  co_await sallyport::detail::AwaitedTask<void>(std::move(task));
}

std::string refusal_of_setting(const std::string& name) {
  return "a service of a test has no " + name + " of its own: the kit chooses it";
}

}  // namespace

Core::Core(const std::function<void(App&)>& routes, const Options& options)
    : secrets_(options.secrets), app_(0, nullptr), definition_(sallyport::detail::AppParts::definition(app_)) {
  clock.set_wall(base::SystemClock().wall());
  definition_.secret_source = this;
  definition_.outbound = others_;
  routes(app_);
  std::size_t number = 0;
  for (const auto& folder : definition_.folders) {
    const std::string path = folder_.file("folder-" + std::to_string(++number));
    if (::mkdir(path.c_str(), S_IRWXU) != 0) throw Failure("can't make " + path);
    folder->lies_at(path);
  }
  start(options);
  loop_ = std::make_unique<wire::Loop>(clock, log_->new_buffer());
}

Core::~Core() {
  background_ = {};
  for (const auto& each : connections_) {
    if (const auto connection = each.lock()) connection->leave();
  }
  service_->close_stores();  // while there is the loop, to which their jobs come back
  loop_->context().restart();
  loop_->context().poll();
  for (const auto& each : connections_) {
    if (const auto connection = each.lock()) connection->drop();  // somebody still holds a stream
  }
  loop_.reset();
}

void Core::load(const Options& options, ops::LoadedSettings& loaded, ops::Findings& findings) {
  std::vector<std::string> words{"test", "--mode=development"};
  for (const auto& [name, value] : options.settings) {
    if (std::ranges::find(not_for_tests, name) != not_for_tests.end()) throw StartRefused(refusal_of_setting(name), {});
    words.push_back("--" + ops::flag_name(name) + "=" + value);
  }
  std::vector<const char*> arguments;
  arguments.reserve(arguments.size() + words.size());
  for (const std::string& word : words) arguments.push_back(word.c_str());
  loaded = ops::load_settings(arguments, {}, findings);
  loaded.settings.database.path = folder_.file("test.db");
  loaded.settings.log.file = folder_.file("log");
}

void Core::start(const Options& options) {
  ops::Findings findings;
  ops::LoadedSettings loaded;
  const auto refuse_if_any = [&](bool any) {
    if (!any) return;
    std::vector<std::string> codes;
    for (const ops::Finding& finding : findings.list()) codes.emplace_back(finding.code);
    throw StartRefused(findings.text("test"), std::move(codes));
  };
  load(options, loaded, findings);
  refuse_if_any(!loaded.complete);
  start::Waivers waivers(definition_.waivers, loaded.settings.waivers, clock.wall(), findings);
  start::Preparation preparation{app_, definition_, clock, loaded, waivers, findings};
  for (const start::PreparationStep& step : start::preparation_steps()) {
    if (step.of_program) step.run(preparation);
  }
  refuse_if_any(!preparation.all_is_well());
  service_ = std::move(preparation.service);
  service_->sql_now = &clock;
  service_->settings.password = {.memory_kib = 8, .iterations = 1};
  const ops::LogSettings& log = loaded.settings.log;
  log_ = ops::Log::open(
      {.file = log.file, .level = log.level, .access = log.access, .app = "test", .version = SALLYPORT_VERSION}, clock,
      findings);
  log_file_ = base::Descriptor(::open(log.file.c_str(), O_RDONLY | O_CLOEXEC));
  const std::string key_file = folder_.file("key");
  crypto::MasterKey::create_file(key_file.c_str());
  crypto::KeyFinding finding{};
  const auto key = crypto::MasterKey::load(key_file.c_str(), finding);
  if (!log_ || !log_file_ || !key)
    throw Failure("the files of a test's service can't be made: " + findings.text("test"));
  service_->open_stores(*key, log_.get(), findings);
  refuse_if_any(!preparation.all_is_well());
}

SecretBytes Core::secret(std::string_view name) const {
  std::string_view value = "a secret of a test";
  for (const auto& [its_name, its_value] : secrets_) {
    if (its_name == name) value = its_value;
  }
  return SecretBytes(std::span(reinterpret_cast<const unsigned char*>(value.data()), value.size()));
}

std::string Core::authority() const {
  const std::string& origin = service_->settings.server.origin;
  return origin.substr(origin.find("//") + 2);
}

base::IpAddress Core::new_address() {
  const std::uint32_t number = ++addresses_;
  return base::IpAddress::v4(127, static_cast<std::uint8_t>(1 + (number >> 16) % 255),
                             static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number));
}

std::shared_ptr<Connection> Core::connect(const base::IpAddress& peer) {
  std::erase_if(connections_, [](const auto& each) { return each.expired(); });
  auto connection = std::make_shared<Connection>(*service_, *loop_, peer);
  connections_.push_back(connection);
  return connection;
}

// What there is to do without waiting. Whether there was anything.
bool Core::turn() {
  bool happened = false;
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    if (const auto connection = connections_[i].lock(); connection && !connection->closed())
      happened = connection->run() || happened;
  }
  loop_->context().restart();
  return loop_->context().poll() > 0 || happened;
}

bool Core::job_is_away() const {
  return background_.waits_for_job() || std::ranges::any_of(connections_, [](const auto& each) {
           const auto connection = each.lock();
           return connection && connection->waits_for_job();
         });
}

bool Core::run_until(const std::function<bool()>& done, bool time_may_pass) {
  auto give_up = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const bool happened = turn();
    if (done()) return true;
    if (happened) continue;
    if (job_is_away()) {
      loop_->context().restart();
      if (loop_->context().run_one_for(50ms) > 0) give_up = std::chrono::steady_clock::now() + patience;
      if (std::chrono::steady_clock::now() > give_up)
        throw Failure("a query, a hash or other work on another thread has not come back for a minute");
    } else if (time_may_pass) {
      step(base::TimingWheel::step);
    } else {
      return false;
    }
  }
}

void Core::run(sallyport::detail::OwnedTask<void> task) {
  background_ = net::Background(*loop_, given_on(std::move(task)));
  run_until([this] { return !background_.running(); }, true);
  const std::exception_ptr failure = background_.failure();
  background_ = {};
  if (failure) std::rethrow_exception(failure);
}

void Core::step(std::chrono::nanoseconds time) {
  clock.advance(time);
  loop_->tick();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    if (const auto connection = connections_[i].lock()) connection->time_has_passed();
  }
}

void Core::advance(std::chrono::nanoseconds time) {
  const auto all_quiet = [this] { return run_until([] { return false; }, false); };
  all_quiet();
  // Somebody may wait for a moment on the way, and from there for a later one.
  const auto anybody_waits = [this] {
    return std::ranges::any_of(connections_, [](const auto& each) {
      const auto connection = each.lock();
      return connection && !connection->idle();
    });
  };
  while (time > 0ns && anybody_waits()) {
    const std::chrono::nanoseconds part = std::min<std::chrono::nanoseconds>(time, base::TimingWheel::step);
    step(part);
    time -= part;
    all_quiet();
  }
  if (time > 0ns) step(time);
  all_quiet();
}

const std::string& Core::log() {
  log_->flush();
  std::array<char, 16'384> piece{};
  for (ssize_t got = 0; (got = base::read_at(log_file_.get(), piece, log_text_.size())) > 0;)
    log_text_.append(piece.data(), static_cast<std::size_t>(got));
  return log_text_;
}

}  // namespace sallyport::test::detail
