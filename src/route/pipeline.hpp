// The way of a request from its head to its answer: the gate's checks, the route, its policy, its body, its handler.
#pragma once

#include "gate/exchange.hpp"

#include <cstdint>

namespace sallyport::route {

/// What has to happen before the request can go on.
enum class Progress : std::uint8_t {
  answered,    ///< the answer is there, ready to be sent
  wants_body,  ///< read what `Exchange::body_wanted` says into `Exchange::body`, then call `body_arrived`
  waiting,     ///< the exchange waits for something else; `resumed` when it has moved
  piece,       ///< the next piece of an answer that is being sent is in `Exchange::answer.body`; never empty
  ended,       ///< that answer is whole
  broken,      ///< that answer can't be completed: the client must see it
};

/// The head has been read: the gate, and as much of the rest as can happen without the body.
Progress head_complete(gate::Exchange& exchange) noexcept;
/// What was wanted of the body is in `exchange.body`.
Progress body_arrived(gate::Exchange& exchange) noexcept;
/// The exchange has told its owner that it has moved.
Progress resumed(gate::Exchange& exchange) noexcept;
/// The client has taken what there was of an answer with `BodySource::pieces`: make the next piece.
Progress next_piece(gate::Exchange& exchange) noexcept;

}  // namespace sallyport::route
