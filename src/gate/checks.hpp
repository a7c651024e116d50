// The gate's checks, one file each. All have one shape: true lets the request on, false has put down the answer.
#pragma once

#include "gate/exchange.hpp"

namespace sallyport::gate {

using Check = bool (*)(Exchange&);

bool client_address(Exchange& exchange);      // client_address.cpp
bool host(Exchange& exchange);                // host.cpp
bool path_shape(Exchange& exchange);          // path_shape.cpp
bool https_only(Exchange& exchange);          // https_only.cpp
bool general_limit(Exchange& exchange);       // general_limit.cpp
bool count_request(Exchange& exchange);       // the same for what it lets pass uncounted
bool resource_isolation(Exchange& exchange);  // fetch_metadata.cpp
bool csrf(Exchange& exchange);                // csrf.cpp

}  // namespace sallyport::gate
