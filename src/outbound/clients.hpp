// The clients of a service: one for each event loop, made when it is first needed, and what they share.
#pragma once

#include <sallyport/detail/outbound_message.hpp>
#include <sallyport/public_url.hpp>
#include <sallyport/task.hpp>

#include "net/client_tls.hpp"
#include "net/loop.hpp"
#include "net/resolver.hpp"
#include "ops/settings.hpp"
#include "outbound/http_client.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::outbound {

/// One of `outbound.instead`: what is called, and what instead. Nothing when `text` is no pair of origins.
struct Instead {
  std::string origin;
  std::string called;
};
[[nodiscard]] std::optional<Instead> read_instead(std::string_view text);

/// Whether a client may have a service connect there; tests have addresses of their own.
[[nodiscard]] bool is_public(const net::SocketAddress& address) noexcept;

/// Must be destroyed when the event loops have ended but still exist.
class Clients {
 public:
  /// `problem`: why nothing can be trusted; calls over TLS then fail with `not_trusted`.
  Clients(const ops::OutboundSettings& settings, net::TrustProblem& problem);
  /// For tests: another look-up of names, and another rule of where a client may have a service connect.
  Clients(const ops::OutboundSettings& settings, net::TrustProblem& problem, net::Resolver::LookUp look_up,
          bool (*allowed)(const net::SocketAddress&));

  /// On `loop`'s thread. `origin` has passed `is_outbound_origin`.
  [[nodiscard]] Task<detail::OutboundReply> send(net::Loop& loop, std::string_view origin,
                                                 detail::OutboundRequest request);

  /// To where a client said. The host's name is looked up once, each of its addresses is checked, and one of those is connected to: no name server
  /// can answer differently in between. One that is not public among them refuses the call.
  [[nodiscard]] Task<detail::OutboundReply> send_public(net::Loop& loop, PublicUrl url,
                                                        detail::OutboundRequest request);

 private:
  [[nodiscard]] HttpClient* client_of(net::Loop& loop);
  [[nodiscard]] Destination destination(bool https, std::string_view host, unsigned port,
                                        std::string_view authority) const;

  std::shared_ptr<SSL_CTX> tls_;
  std::map<std::string, std::string, std::less<>> instead_;
  net::Resolver resolver_;
  bool (*const allowed_)(const net::SocketAddress&);
  std::mutex mutex_;
  std::map<const net::Loop*, std::unique_ptr<HttpClient>> clients_;
};

}  // namespace sallyport::outbound
