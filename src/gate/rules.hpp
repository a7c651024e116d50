// Rules: what the gate's checks compare with. Made once at start, read by every event loop.
#pragma once

#include <sallyport/page.hpp>

#include "base/ip_range.hpp"
#include "crypto/mac.hpp"
#include "crypto/siphash.hpp"
#include "gate/headers.hpp"
#include "gate/limits.hpp"
#include "gate/path_shape.hpp"
#include "html/document.hpp"
#include "http/origin.hpp"
#include "limits/gcra_table.hpp"

#include "gate/csrf_token.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::gate {

struct Rules {
  /// Makes the counters of this process, and a key for them.
  Rules();
  /// What the settings say.
  void set(const ops::Settings& settings);
  /// The blocks for each of these options; for those of the settings, where there are none.
  void set_headers(const ops::Settings& settings, std::span<const detail::HeaderOptions> options);

  std::string origin;                          ///< the canonical origin, `https://notes.example`
  std::vector<std::string> hosts;              ///< `host[:port]` in lower case, as Host may name us
  std::vector<base::IpRange> trusted_proxies;  ///< whose forwarded client and scheme are trusted
  bool tls = false;                            ///< our listener speaks TLS
  bool development = false;
  bool observe = false;  ///< what a check refuses is logged, and the request goes on
  PathLeniency path;     ///< for an application behind a proxy; a service allows none
  std::size_t query_bytes = 4096;
  std::size_t compress_bytes = 0;              ///< the largest answer compressed on its way; 0: none
  crypto::SipHashKey table_key;                ///< of all tables keyed by clients or accounts
  LimitStores stores;                          ///< the counters of limits
  std::unique_ptr<const LimitPolicy> general;  ///< the general limit
  LimitFields limit_fields;                    ///< which fields tell clients about limits
  std::vector<base::IpRange> allow;            ///< clients that limits per client do not count
  std::vector<base::IpRange> deny;             ///< clients that are refused
  std::chrono::nanoseconds most_lag{};         ///< an event loop later than this sheds requests
  std::unique_ptr<limits::GcraTable>
      log_throttle;  ///< keeps one client from filling the log: see client_address.cpp and not_found_flood.cpp
  std::vector<std::string> trusted_origins;                ///< whose pages may change state: `csrf.trusted_origins`
  std::vector<std::string> cors_origins;                   ///< what `configured_cors` answers: `cors.origins`
  bool csrf_tokens = false;                                ///< old browsers may send a token instead: `csrf.tokens`
  std::unique_ptr<const CsrfTokens> tokens;                ///< makes and checks them
  std::unique_ptr<const crypto::HmacSha256> account_tags;  ///< names accounts in the log; null without a master key
  Page (*error_page)(const ErrorFacts& facts) = nullptr;   ///< of the application; null: the framework's own
  std::vector<markup::Integrity> integrity;                ///< of the assets that pages load
  std::vector<HeaderBlocks> headers;                       ///< the app's own first, then those that routes have chosen
  HeaderBlocks headers_in_clear;  ///< of the port without TLS that only redirects: no HSTS there (RFC 6797 7.2)

  /// Whether `host[:port]`, as a client or a proxy wrote it, means us.
  [[nodiscard]] bool answers_to(std::string_view host) const noexcept {
    const bool https = origin.starts_with("https:");
    return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& ours) {
      return ours == host || http::same_authority(https, ours, host);
    });
  }
};

}  // namespace sallyport::gate
