// The line of the access log: one for each answer that has gone.
#pragma once

#include "gate/exchange.hpp"

#include <cstdint>

namespace sallyport::gate {

/// Where the settings want one. Says `Exchange::bytes_sent`.
void write_access_line(Exchange& exchange);

}  // namespace sallyport::gate
