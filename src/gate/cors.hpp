// Checks the settings that list trusted origins, and looks an origin up in such a list.
#pragma once

#include "gate/exchange.hpp"
#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {

/// Refuses entries of `cors.origins` and `csrf.trusted_origins` that are no exact https origin (CFG-043); in development
/// `http://localhost:port` and `http://127.0.0.1:port` will do.
void check_origin_settings(const ops::Settings& settings, ops::Findings& findings);

/// Whether a page of this origin is one of the host that the request names: what a browser calls same-origin. `null` is what a form of our
/// own sends under `no-referrer`.
[[nodiscard]] bool may_be_same_origin(const Exchange& exchange, std::string_view origin) noexcept;

[[nodiscard]] inline bool is_listed(const std::vector<std::string>& origins, std::string_view origin) noexcept {
  return std::find(origins.begin(), origins.end(), origin) != origins.end();
}

}  // namespace sallyport::gate
