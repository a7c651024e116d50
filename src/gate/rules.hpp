// Rules: what the gate's checks compare with. Made once at start, read by every event loop.
#pragma once

#include "crypto/siphash.hpp"
#include "gate/headers.hpp"
#include "ops/ip_range.hpp"
#include "store/gcra_table.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {

struct Rules {
  std::string origin;                         ///< the canonical origin, `https://notes.example`
  std::vector<std::string> hosts;             ///< `host[:port]` in lower case, as Host may name us
  std::vector<ops::IpRange> trusted_proxies;  ///< whose word on client and scheme is taken
  bool tls = false;                           ///< our listener speaks TLS
  bool development = false;
  std::uint32_t general_per_second = 10;
  std::uint32_t general_burst = 100;
  std::size_t query_bytes = 4096;
  std::size_t compress_bytes = 0;               ///< the largest answer compressed on its way; 0: none
  crypto::SipHashKey table_key;                 ///< of all tables keyed by clients
  std::unique_ptr<store::GcraTable> general;    ///< the general limit's counters
  std::unique_ptr<store::GcraTable> strangers;  ///< whose forwarded fields have been logged: see client_address.cpp
  HeaderBlocks headers;
  HeaderBlocks headers_in_clear;  ///< of the port without TLS that only redirects: no HSTS there (RFC 6797 7.2)
  std::string rate_limit_policy;  ///< the RateLimit-Policy field of the general limit

  /// Whether `host[:port]`, as a client or a proxy wrote it, means us.
  [[nodiscard]] bool answers_to(std::string_view host) const noexcept {
    return std::any_of(hosts.begin(), hosts.end(), [host](const std::string& ours) {
      return ours == host || sallyport::detail::same_name(ours, host);
    });
  }
};

}  // namespace sallyport::gate
