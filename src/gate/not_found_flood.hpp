// Clients that ask for one thing after the other that is not there are looking for holes.
#pragma once

#include "gate/exchange.hpp"

namespace sallyport::gate {

/// A request found no route. More than 30 in a minute from one client are a security event, once an hour.
void count_not_found(Exchange& exchange);

}  // namespace sallyport::gate
