// The gate's checks, one file each. All have one shape: true lets the request on, false has put down the answer.
#pragma once

#include "gate/exchange.hpp"

namespace sallyport::gate {

using Check = bool (*)(Exchange&);

bool client_address(Exchange& exchange);      // client_address.cpp
bool not_denied(Exchange& exchange);          // deny_list.cpp
bool not_overloaded(Exchange& exchange);      // load_shedding.cpp
bool host(Exchange& exchange);                // host.cpp
bool path_shape(Exchange& exchange);          // path_shape.cpp
bool https_only(Exchange& exchange);          // https_only.cpp
bool cors(Exchange& exchange);                // cors.cpp
bool resource_isolation(Exchange& exchange);  // fetch_metadata.cpp
bool csrf(Exchange& exchange);                // csrf.cpp
bool csrf_token_in_form(Exchange& exchange);  // the same, for what csrf has left to the form's token

}  // namespace sallyport::gate
