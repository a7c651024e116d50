// The way of a request from its head to its answer: the gate's checks, the route, its policy, its body, its handler.
#pragma once

#include "gate/exchange.hpp"

#include <cstdint>

namespace sallyport::route {

/// What has to happen before the request can go on.
enum class Progress : std::uint8_t {
  answered,    ///< the answer is there
  wants_body,  ///< read the body (at most `Exchange::body_limit` bytes), then call `body_complete`
  waiting,     ///< the exchange waits for work elsewhere; `resumed` when its task has finished
};

/// The head has been read: the gate, and as much of the rest as can happen without the body.
Progress head_complete(gate::Exchange& exchange) noexcept;
/// The body is in `exchange.body`.
Progress body_complete(gate::Exchange& exchange) noexcept;
/// The task that the exchange waited for has finished.
Progress resumed(gate::Exchange& exchange) noexcept;

}  // namespace sallyport::route
