// The start-up rules over settings: values that are each valid but together unsafe.
#pragma once

#include "ops/finding.hpp"
#include "ops/settings.hpp"

namespace sallyport::start {

/// Adds every refusal that can be decided from the settings alone: CFG-001, 010, 011, 012, 013, 015, 024, 040, 051. Call after
/// load_settings(); files and the machine are checked elsewhere.
void check_settings(const ops::Settings& settings, ops::Findings& findings);

}  // namespace sallyport::start
