// Response to bytes: the one place where an answer becomes HTTP/1.1.
#pragma once

#include "base/byte_buffer.hpp"
#include "gate/exchange.hpp"

namespace sallyport::wire {

/// Appends the exchange's answer to `out`: status line, the prebuilt header block of its class, framing, and the body when it is in memory.
/// `keep_alive` says whether the connection goes on, `begun` that the status line's first letter has been sent.
void append_response(base::ByteBuffer& out, const gate::Exchange& exchange, bool keep_alive, bool begun = false);

}  // namespace sallyport::wire
