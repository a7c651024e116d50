// Waivers in force: which findings they suppress, and what every start prints about them.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include <sallyport/waiver.hpp>

#include "base/clock.hpp"
#include "ops/finding.hpp"

namespace sallyport::start {

struct Waiver {
  std::string code;
  std::string reason;
  std::chrono::sys_days until;  ///< the last day on which it holds, in UTC
  bool used = false;            ///< it has suppressed a finding

  /// `CFG-020 until 2027-03-31: the reason`
  [[nodiscard]] std::string text() const;
};

/// A day as `2027-03-31`.
[[nodiscard]] std::string day_text(std::chrono::sys_days day);

/// All waivers of a start: those of the code and those of the settings.
class Waivers {
 public:
  /// `given` are entries of the setting `waivers`; one that is malformed is a finding (CFG-024) that says what is wrong with it.
  Waivers(std::span<const detail::WaiverFacts> in_code, std::span<const std::string> given, base::Clock::WallTime now,
          ops::Findings& findings);

  /// Removes the findings that a waiver suppresses. A finding whose waiver has expired, or does not hold for this case, stays and says so. Called
  /// again when there are more findings.
  void apply(ops::Findings& findings);

  [[nodiscard]] const std::vector<Waiver>& list() const noexcept { return list_; }
  [[nodiscard]] bool expired(const Waiver& waiver) const noexcept { return waiver.until < today_; }
  /// A line to print: the waiver, and whether it has expired or matched no finding.
  [[nodiscard]] std::string line(const Waiver& waiver) const;
  /// `[{"code":…,"until":…,"reason":…,"used":…,"expired":…}]`
  [[nodiscard]] std::string json() const;

 private:
  std::chrono::sys_days today_;
  std::vector<Waiver> list_;
};

}  // namespace sallyport::start
