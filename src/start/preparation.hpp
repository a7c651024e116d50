// Everything between the command line and the first connection: one list of steps, which a start and `--check` both go through, so that
// both find the same.
#pragma once

#include <sallyport/app.hpp>

#include "base/clock.hpp"
#include "crypto/master_key.hpp"
#include "ops/finding.hpp"
#include "ops/log.hpp"
#include "ops/settings.hpp"
#include "route/service.hpp"
#include "start/privileges.hpp"
#include "start/waiver.hpp"
#include "wire/listeners.hpp"
#include "wire/takeover.hpp"
#include "wire/tls_context.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sallyport::start {

/// What every start prints and logs about this service.
struct Notes {
  std::vector<std::string> relaxations;
  bool clock_unsynchronized = false;
  bool quick_hash = false;
};

/// What the steps begin with, and what they make.
struct Preparation {
  const Router& routes;
  const detail::AppDefinition& definition;
  const base::Clock& clock;
  ops::LoadedSettings& loaded;
  Waivers& waivers;
  ops::Findings& findings;
  ops::Settings& settings = loaded.settings;
  /// `--check`: nothing is made, and no port is kept.
  const bool checks = loaded.action == ops::Action::check;

  ServiceUser user = {};
  std::optional<crypto::MasterKey> key = {};
  std::unique_ptr<wire::TlsContext> tls = {};
  std::unique_ptr<route::Service> service = {};
  Notes notes = {};
  wire::Predecessor predecessor = {};
  wire::Listeners listeners = {};
  std::string cannot_listen = {};  ///< why not, when it is no finding: the port is in use
  std::unique_ptr<ops::Log> log = {};

  /// Nothing is wrong that no waiver accepts.
  [[nodiscard]] bool all_is_well() {
    waivers.apply(findings);
    return findings.empty();
  }
};

/// One step; it adds what it finds, and what it finds does not depend on whether this is a start or a check.
struct PreparationStep {
  const char* name;
  void (*run)(Preparation& start);
  /// Looks at what the program says, not at its process or machine: the test kit does it as well.
  bool of_program = false;
};

/// In their order: what needs root comes before the step that gives it up.
[[nodiscard]] std::span<const PreparationStep> preparation_steps() noexcept;

}  // namespace sallyport::start
