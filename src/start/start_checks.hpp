// Start-up refusals over the routes of a service: limits without effect, and routes that were not reviewed (they differ
// from the lock file).
#pragma once

#include "ops/finding.hpp"
#include "route/route_table.hpp"

#include <string>
#include <string_view>

namespace sallyport::start {

/// CFG-031: `attempts` that admit no attempt, too many, or for too short or too long a time.
void check_attempts(const route::RouteTable& table, ops::Findings& findings);

/// CFG-033 and CFG-073: the public routes, or the relaxations and waivers, are not those of the lock file. `now` is what
/// policy_lock() makes of the service. A file that can't be read is CFG-033.
void check_policy_lock(const std::string& path, std::string_view now, ops::Findings& findings);

}  // namespace sallyport::start
