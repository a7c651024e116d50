// A connection: a socket, plain or TLS, that drives a session of HTTP/1.1 or HTTP/2.
#pragma once

#include "gate/site.hpp"
#include "wire/loop.hpp"
#include "wire/tls_context.hpp"

#include <functional>

namespace sallyport::wire {

/// Called once when a connection has ended, on its loop's thread.
using OnEnd = std::function<void()>;

/// The settings that the connections of one listener share.
struct ConnectionKind {
  const gate::Site& site;
  TlsContext* tls = nullptr;    ///< null: plain
  bool redirects = false;       ///< the port without TLS that only sends pages to https
  bool proxy_protocol = false;  ///< begins with a PROXY protocol v2 header
};

/// Takes over an accepted socket, which is in non-blocking mode. It lives until it has ended by itself; `kind` outlives it.
void start_connection(const ConnectionKind& kind, Loop& loop, net::Socket socket, const base::IpAddress& peer,
                      OnEnd on_end);

/// Answers 503 in one write and closes, without making a connection: for sockets beyond the limit. TLS sockets are closed
/// only.
void turn_away(const ConnectionKind& kind, Loop& loop, net::Socket socket, const base::IpAddress& peer) noexcept;

}  // namespace sallyport::wire
