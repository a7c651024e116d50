// What a Service of the test kit is made of: everything that a program's start makes, but for its process and its sockets.
#pragma once

#include <sallyport/testing.hpp>

#include "base/clock.hpp"
#include "base/descriptor.hpp"
#include "net/background.hpp"
#include "ops/log.hpp"
#include "ops/settings.hpp"
#include "route/service.hpp"
#include "testing/connection.hpp"
#include "testing/memory_folder.hpp"
#include "testing/others.hpp"
#include "testing/response_invariants.hpp"
#include "wire/loop.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::test::detail {

class Core final : private sallyport::detail::SecretSource {
 public:
  /// Throws StartRefused.
  Core(const std::function<void(App&)>& routes, const Options& options);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  base::ManualClock clock;

  [[nodiscard]] route::Service& service() noexcept { return *service_; }
  [[nodiscard]] sallyport::detail::AppDefinition& definition() noexcept { return definition_; }
  [[nodiscard]] std::string authority() const;

  /// An address that no client has had, of those that only this machine has (RFC 1122 3.2.1.3).
  [[nodiscard]] base::IpAddress new_address();
  [[nodiscard]] std::shared_ptr<Connection> connect(const base::IpAddress& peer);

  /// Runs the event loop until `done`. Where nothing is left to do but to wait, time passes by steps, if it may.
  /// False: it may not, and there is nothing to do. Throws `Failure` where a worker does not come back.
  bool run_until(const std::function<bool()>& done, bool time_may_pass);
  /// What `task` throws.
  void run(sallyport::detail::OwnedTask<void> task);
  void advance(std::chrono::nanoseconds time);

  [[nodiscard]] Others& others() noexcept { return *others_; }

  /// The whole log so far.
  [[nodiscard]] const std::string& log();
  /// What is wrong with the answer to `method target`, a sentence each.
  [[nodiscard]] std::vector<std::string> broken(const Answer::Facts& facts, std::string_view method,
                                                std::string_view target) const;

 private:
  [[nodiscard]] SecretBytes secret(std::string_view name) const override;
  void load(const Options& options, ops::LoadedSettings& loaded, ops::Findings& findings);
  void start(const Options& options);
  bool turn();
  [[nodiscard]] bool job_is_away() const;
  void step(std::chrono::nanoseconds time);

  MemoryFolder folder_;
  const Pairs secrets_;
  const std::shared_ptr<Others> others_ = std::make_shared<Others>();
  App app_;
  sallyport::detail::AppDefinition& definition_;
  std::unique_ptr<ops::Log> log_;
  base::Descriptor log_file_;
  std::unique_ptr<route::Service> service_;
  std::unique_ptr<wire::Loop> loop_;
  std::vector<std::weak_ptr<Connection>> connections_;
  net::Background background_;
  std::uint32_t addresses_ = 0;
  std::string log_text_;
};

}  // namespace sallyport::test::detail
