// The PROXY protocol, version 2 (HAProxy's proxy-protocol.txt): tells the address of the client behind a load balancer.
#pragma once

#include "base/ip_range.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sallyport::net {

/// The header before a connection's first byte.
struct ProxyHeader {
  enum class State : std::uint8_t { complete, incomplete, error };

  /// The longest header that is accepted. The protocol's own bound is 65,551 bytes; addresses, identities and the names of a
  /// TLS client that balancers add take a few hundred.
  static constexpr std::size_t max_size = 16 + 1024;

  State state = State::incomplete;
  std::string_view rule = {};  ///< with `State::error`: the rule that was broken, for the log: `proxy/signature`
  std::size_t consumed = 0;    ///< with `State::complete`: the size of the header; the client's first byte stands there
  bool local = false;          ///< the balancer's own connection (a health check)
  std::optional<base::IpAddress> source =
      {};  ///< nothing: the peer of the socket itself (LOCAL, or an unspecified family)
  std::uint16_t source_port = 0;
};

/// Reads a version 2 header from the start of `bytes`. Pure, does not allocate, never takes a byte behind the header. A byte that
/// no continuation could make valid is an error at once.
///
/// Accepted: TCP over IPv4 and IPv6, LOCAL, and PROXY with an unspecified family. Type-length-values have to add up, a CRC32C
/// among them to be right; their other contents are not read. Everything else is an error: the text header of version 1,
/// UDP, UNIX sockets, and a connection that begins without a header.
///
/// Only for connections from a trusted proxy: any other peer could claim any address.
[[nodiscard]] ProxyHeader read_proxy_header(std::string_view bytes) noexcept;

}  // namespace sallyport::net
