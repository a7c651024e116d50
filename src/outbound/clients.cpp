// Finds the client of an event loop, and where an origin is.
#include "outbound/clients.hpp"

#include <sallyport/detail/outbound_origin.hpp>

#include "base/ip_range.hpp"
#include "base/public_address.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace sallyport::outbound {
namespace {

// What one origin may hold of each event loop: connections, and calls that wait for one.
constexpr net::PoolLimits pool_limits{.per_target = 64, .in_all = 256, .waiting = 256, .kept = 16};

constexpr std::string_view no_authorities = "the authorities could not be read at start";

detail::OutboundReply failed(OutboundFailure failure, std::string_view reason) {
  detail::OutboundReply reply;
  reply.failure = failure;
  reply.reason = reason;
  return reply;
}

}  // namespace

std::optional<Instead> read_instead(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view origin = text.substr(0, equals);
  const std::string_view called = equals == text.npos ? std::string_view() : text.substr(equals + 1);
  if (!detail::is_outbound_origin(origin) || !detail::is_outbound_origin(called)) return std::nullopt;
  return Instead{std::string(origin), std::string(called)};
}

bool is_public(const net::SocketAddress& address) noexcept {
  if (address.get()->sa_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(address.storage).sin_addr, bytes.size());
    return base::is_public(base::IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]));
  }
  if (address.get()->sa_family != AF_INET6) return false;
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_addr, bytes.size());
  const base::IpAddress v6 = base::IpAddress::v6(bytes);
  return !v6.is_v4() && base::is_public(v6);  // an IPv4 address in IPv6's clothes comes from no honest name server
}

Clients::Clients(const ops::OutboundSettings& settings, net::TrustProblem& problem)
    : Clients(settings, problem, net::look_up, &is_public) {}

Clients::Clients(const ops::OutboundSettings& settings, net::TrustProblem& problem, net::Resolver::LookUp look_up,
                 bool (*allowed)(const net::SocketAddress&))
    : tls_(net::make_client_tls(settings.ca, problem)), resolver_(std::move(look_up)), allowed_(allowed) {
  for (const std::string& each : settings.instead) {
    if (auto instead = read_instead(each)) instead_.emplace(std::move(instead->origin), std::move(instead->called));
  }
}

HttpClient* Clients::client_of(net::Loop& loop) {
  auto* const events = dynamic_cast<net::EventLoop*>(&loop);
  if (!events) return nullptr;
  const std::lock_guard lock(mutex_);
  std::unique_ptr<HttpClient>& client = clients_[&loop];
  if (!client) client = std::make_unique<HttpClient>(*events, resolver_, pool_limits);
  return client.get();
}

Destination Clients::destination(bool https, std::string_view host, unsigned port, std::string_view authority) const {
  Destination to;
  to.target.host = host;
  to.target.port = static_cast<std::uint16_t>(port);
  if (https) {
    to.target.tls = tls_;
    to.target.alpn = "\x08http/1.1";
  }
  to.authority = authority;
  return to;
}

Task<detail::OutboundReply> Clients::send(net::Loop& loop, std::string_view origin, detail::OutboundRequest request) {
  const auto instead = instead_.find(origin);
  const std::string called(instead == instead_.end() ? origin : std::string_view(instead->second));
  const detail::OutboundOrigin parts = detail::split_outbound_origin(called);
  HttpClient* const client = client_of(loop);
  if (!client) co_return failed(OutboundFailure::unreachable, "there is no event loop");
  if (parts.https && !tls_) co_return failed(OutboundFailure::not_trusted, no_authorities);  // never in clear instead
  Destination to = destination(parts.https, parts.host, parts.port, parts.authority);
  detail::OutboundReply reply = co_await client->send(std::move(to), std::move(request));
  co_return reply;
}

Task<detail::OutboundReply> Clients::send_public(net::Loop& loop, PublicUrl url, detail::OutboundRequest request) {
  HttpClient* const client = client_of(loop);
  auto* const events = dynamic_cast<net::EventLoop*>(&loop);
  if (!client || !events) co_return failed(OutboundFailure::unreachable, "there is no event loop");
  if (url.https() && !tls_) co_return failed(OutboundFailure::not_trusted, no_authorities);
  const net::Deadline deadline = loop.clock.now() + request.time;
  const std::string host(url.host());
  net::Resolved found = co_await resolver_.resolve(*events, host, url.port(), deadline);
  if (found.failure.error == net::NetError::timed_out) {
    co_return failed(OutboundFailure::timed_out, found.failure.text);
  }
  if (found.failure || found.addresses.empty()) {
    co_return failed(OutboundFailure::no_such_host, found.failure ? found.failure.text : "the name has no address");
  }
  if (!std::all_of(found.addresses.begin(), found.addresses.end(), allowed_)) {
    co_return failed(OutboundFailure::address_refused, "an address of the host is not public");
  }
  Destination to = destination(url.https(), host, url.port(), url.authority());
  to.target.addresses = std::move(found.addresses);
  detail::OutboundReply reply = co_await client->send_once(std::move(to), std::move(request), deadline);
  co_return reply;
}

}  // namespace sallyport::outbound
