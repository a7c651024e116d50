// The start-up rules over settings: values that are each valid but together unsafe.
#pragma once

#include "ops/finding.hpp"
#include "ops/settings.hpp"

#include <string_view>

namespace sallyport::start {

/// Adds every refusal that can be decided from the settings alone: CFG-001, 010, 011, 012, 013, 015, 024, 040, 051. Call after
/// load_settings(); files and the machine are checked elsewhere.
void check_settings(const ops::Settings& settings, ops::Findings& findings);

/// Whether the socket file of a takeover may have this path; its folder is looked at by wire::check_takeover_path.
[[nodiscard]] bool is_takeover_place(std::string_view path) noexcept;

}  // namespace sallyport::start
