// Rules: what the gate's checks compare with. Made once at start, read by every event loop.
#pragma once

#include "crypto/siphash.hpp"
#include "gate/headers.hpp"
#include "ops/ip_range.hpp"
#include "store/gcra_table.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::gate {

struct Rules {
  std::string origin;                         ///< the canonical origin, `https://notes.example`
  std::vector<std::string> hosts;             ///< `host[:port]` in lower case, as Host may name us
  std::vector<ops::IpRange> trusted_proxies;  ///< whose X-Forwarded-For is believed
  bool tls = false;                           ///< our listener speaks TLS
  bool development = false;
  std::uint32_t general_per_second = 10;
  std::uint32_t general_burst = 100;
  std::size_t query_bytes = 4096;
  crypto::SipHashKey table_key;               ///< of all tables keyed by clients
  std::unique_ptr<store::GcraTable> general;  ///< the general limit's counters
  HeaderBlocks headers;
  std::string rate_limit_fields;  ///< the RateLimit fields of the general limit, up to the number that is left
};

}  // namespace sallyport::gate
