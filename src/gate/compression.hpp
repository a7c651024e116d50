// Compressing answers while they are sent.
#pragma once

#include "gate/exchange.hpp"

namespace sallyport::gate {

/// Compresses the answer's body where that helps the client and can't help an attacker.
void compress(Exchange& exchange);

}  // namespace sallyport::gate
