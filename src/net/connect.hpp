// Making a connection: the name looked up, its addresses tried in turn, TLS with verification.
#pragma once

#include <sallyport/task.hpp>

#include "net/client_tls.hpp"
#include "net/outbound_stream.hpp"
#include "net/resolver.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::net {

/// Where to connect to, and how.
struct Target {
  std::string host;  ///< a name, an IP address, or the path of a Unix socket
  std::uint16_t port = 0;
  std::shared_ptr<SSL_CTX> tls;  ///< of make_client_tls(); null: no TLS
  std::string alpn;              ///< protocols to offer, each with its length in front
  std::vector<SocketAddress>
      addresses{};  ///< of `host`, looked up already: no others are connected to; empty: it is looked up
};

struct Connected {
  OutboundStream stream;  ///< none when it failed
  Failure failure;
};

/// Connects on `loop`, on its thread. Each address gets an equal share of the time that is left, so that one that does not answer
/// leaves time for the next. With TLS the certificate has to be for `target.host`. Throws nothing but std::bad_alloc.
[[nodiscard]] Task<Connected> connect(EventLoop& loop, Resolver& resolver, Target target, Deadline deadline);

}  // namespace sallyport::net
