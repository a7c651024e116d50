// The list of steps that every request of a service takes.
#pragma once

#include "gate/step.hpp"

#include <span>

namespace sallyport::route {

/// In their order, from the client's address to the line of the access log.
[[nodiscard]] std::span<const gate::Step> request_steps() noexcept;

}  // namespace sallyport::route
