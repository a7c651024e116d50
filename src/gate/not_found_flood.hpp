// Detects clients that ask for many paths that do not exist, as vulnerability scanners do.
#pragma once

#include "gate/exchange.hpp"

namespace sallyport::gate {

/// A request found no route. More than 30 in a minute from one client are a security event, once an hour.
void count_not_found(Exchange& exchange);

}  // namespace sallyport::gate
