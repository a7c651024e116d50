// One request to another server and its whole answer, over HTTP/1.1 on the connections of an event loop.
#pragma once

#include <sallyport/detail/outbound_message.hpp>
#include <sallyport/task.hpp>

#include "net/connection_pool.hpp"
#include "net/event_loop.hpp"
#include "net/resolver.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sallyport::outbound {

/// Where a request goes.
struct Destination {
  net::Target target;
  std::string authority;  ///< what the Host field says
};

/// Whether a request may be sent once more when nobody knows whether the first one has arrived (RFC 9110 9.2.2).
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// The whole request's bytes.
[[nodiscard]] std::string request_bytes(const Destination& to, const detail::OutboundRequest& request);

/// The client of one event loop; its calls are made on that thread. It must outlive them; its loop outlives it.
class HttpClient {
 public:
  HttpClient(net::EventLoop& loop, net::Resolver& resolver, net::PoolLimits limits = {});

  /// Answers by `request.time`, whatever the other side does; never throws but std::bad_alloc. Redirects are answers like others. A request is
  /// sent a second time only when it is idempotent, and a connection that was used before ended without a byte of an answer.
  [[nodiscard]] Task<detail::OutboundReply> send(Destination to, detail::OutboundRequest request);

  /// The same over a connection that is made for it and closed after it, by `deadline`; at most `most_unkept` at once.
  [[nodiscard]] Task<detail::OutboundReply> send_once(Destination to, detail::OutboundRequest request,
                                                      net::Deadline deadline);
  static constexpr std::size_t most_unkept = 64;

  [[nodiscard]] const net::ConnectionPool& pool() const noexcept { return pool_; }

 private:
  struct Attempt {
    detail::OutboundReply reply;
    bool may_repeat = false;
  };
  Task<Attempt> attempt(const Destination& to, const std::string& bytes, const detail::OutboundRequest& request,
                        net::Deadline deadline, bool fresh);

  net::EventLoop& loop_;
  net::Resolver& resolver_;
  net::ConnectionPool pool_;
  std::size_t unkept_ = 0;
};

}  // namespace sallyport::outbound
