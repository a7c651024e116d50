// A connection: a socket, plain or TLS, that drives an Http1Session.
#pragma once

#include "route/service.hpp"
#include "wire/event_loop.hpp"
#include "wire/tls_context.hpp"

#include <functional>

namespace sallyport::wire {

/// Called once when a connection has ended, on its loop's thread.
using OnEnd = std::function<void()>;

/// Takes over an accepted socket. It lives until it has ended by itself.
void start_plain_connection(const route::Service& service, EventLoop& loop, Socket socket, const ops::IpAddress& peer,
                            OnEnd on_end);
void start_tls_connection(const route::Service& service, EventLoop& loop, TlsContext& tls, Socket socket,
                          const ops::IpAddress& peer, OnEnd on_end);

}  // namespace sallyport::wire
