// The gate's checks, one file each. All have one signature. True: the request goes on. False: the check has set the answer.
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
bool csrf_token_in_form(Exchange& exchange);  // the same for a request that only the token in its form can prove

}  // namespace sallyport::gate
