// Steps that find the route, check who may call it, and check the body.
#pragma once

#include "gate/exchange.hpp"

namespace sallyport::route {

gate::Outcome find_route(gate::Exchange& exchange);
gate::Outcome known_route(gate::Exchange& exchange);
gate::Outcome load_session(gate::Exchange& exchange);
gate::Outcome check_policy(gate::Exchange& exchange);
gate::Outcome check_body(gate::Exchange& exchange);
gate::Outcome read_body(gate::Exchange& exchange);

}  // namespace sallyport::route
