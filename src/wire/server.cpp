// Listeners, and the threads behind them.
#include "wire/server.hpp"

#include "base/descriptor_budget.hpp"
#include "net/operation_memory.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <deque>
#include <future>
#include <system_error>

namespace sallyport::wire {
namespace {

// After this many the loop looks at its connections again.
constexpr int accepted_at_once = 16;
constexpr std::chrono::seconds quiet_time{5};
// A connection that has just been accepted looks idle until its handshake and its first request have come: a stop gives it
// this long, so that no accepted client is closed before its first request.
constexpr std::chrono::milliseconds arrival_time{500};

std::uint32_t connection_limit(std::uint32_t configured) noexcept {
  return configured != 0 ? configured : base::descriptor_budget().connections;
}

base::IpAddress to_address(const sockaddr_storage& from) noexcept {
  if (from.ss_family == AF_INET) {
    std::array<std::uint8_t, 4> bytes{};
    std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in&>(from).sin_addr, bytes.size());
    return base::IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
  }
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(from).sin6_addr, bytes.size());
  return base::IpAddress::v6(bytes);
}

// Of a listening socket, and of the connections that it accepts.
asio::ip::tcp family_of(int socket) noexcept {
  int domain = AF_INET;
  socklen_t size = sizeof domain;
  ::getsockopt(socket, SOL_SOCKET, SO_DOMAIN, &domain, &size);
  return domain == AF_INET6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4();
}

}  // namespace

std::size_t event_loop_count(const ops::ServerSettings& settings) noexcept {
  return settings.threads != 0 ? settings.threads : std::max(1U, std::thread::hardware_concurrency());
}

struct Server::Port {
  Port(Loop& its_loop, const ConnectionKind& its_kind, net::OperationMemory& its_memory)
      : loop(its_loop), kind(its_kind), memory(its_memory), acceptor(its_loop.context()), pause(its_loop.context()) {}
  // Not acceptor.close(): a process that has taken over holds the same socket, so that closing our copy would leave it in this
  // loop's epoll set, with what Asio has freed behind it. Releasing it takes it out.
  void close() noexcept {
    error_code ignored;
    if (acceptor.is_open()) ::close(acceptor.release(ignored));
  }
  Loop& loop;
  const ConnectionKind& kind;
  net::OperationMemory& memory;  // used by the wait for connections or by the pause, never by both
  net::Acceptor acceptor;
  asio::ip::tcp family = asio::ip::tcp::v4();
  net::LoopTimer pause;
  std::chrono::steady_clock::time_point last_arrival;
};

struct Server::Listening {
  Listening(const base::Clock& clock, ops::LogBuffer& log)
      : loop(clock, log), arrived(loop.context()), end(loop.context()) {}
  std::deque<net::OperationMemory> memory;  // one for each port
  Loop loop;
  std::vector<std::unique_ptr<Port>> ports;
  net::LoopTimer arrived;  // during a stop: new connections have had their time for a first request
  net::LoopTimer end;      // during a stop: all have had their time to finish
  std::thread thread;
};

Server::Server(const gate::Site& site, ops::Log& log, std::unique_ptr<TlsContext> tls)
    : site_(site),
      tls_(std::move(tls)),
      main_{.site = site, .tls = tls_.get(), .proxy_protocol = site.settings.server.proxy_protocol},
      redirect_{.site = site, .redirects = true, .proxy_protocol = site.settings.server.proxy_protocol},
      counter_(connection_limit(site.settings.limits.connections), site.settings.limits.connections_per_client) {
  const std::size_t count = event_loop_count(site.settings.server);
  for (std::size_t i = 0; i < count; ++i) {
    loops_.push_back(std::make_unique<Listening>(site.clock, log.new_buffer()));
    if (site.rules.stores.redis) site.rules.stores.redis->attach(loops_.back()->loop);
  }
}

Server::~Server() {
  stop(std::chrono::milliseconds(0));
  if (!site_.rules.stores.redis) return;
  for (const auto& listening : loops_) site_.rules.stores.redis->detach(listening->loop);
}

std::string Server::listen() {
  Listeners listeners;
  const std::string error = listeners.bind(site_.settings.server, loops_.size());
  return error.empty() ? listen_on(std::move(listeners)) : error;
}

std::string Server::listen_on(Listeners listeners) {
  port_ = listeners.port();
  for (auto* const group : {&listeners.main, &listeners.redirect}) {
    // Fewer sockets than loops, when another process has made them: some are shared. A further socket of our own would take
    // connections that no process serves, if this one ends before it starts.
    for (std::size_t i = 0; !group->empty() && group->size() < loops_.size(); ++i) {
      Descriptor copy(::fcntl((*group)[i].get(), F_DUPFD_CLOEXEC, 0));
      if (!copy) return std::generic_category().message(errno);
      group->push_back(std::move(copy));
    }
    for (std::size_t i = 0; i < group->size(); ++i) {
      Listening& listening = *loops_[i % loops_.size()];
      auto& port = *listening.ports.emplace_back(std::make_unique<Port>(
          listening.loop, group == &listeners.main ? main_ : redirect_, listening.memory.emplace_back()));
      error_code error;
      port.family = family_of((*group)[i].get());
      port.acceptor.assign(port.family, (*group)[i].get(), error);
      if (error) return error.message();
      sockets_.push_back((*group)[i].release());
    }
  }
  return {};
}

// Waits until the listener is readable and then accepts, instead of having Asio accept: so no connection is accepted and
// then dropped because the service stops.
void Server::accept_later(Port& port) {
  port.acceptor.async_wait(net::Acceptor::wait_read, net::kept_in(port.memory, [this, &port](error_code error) {
                             if (error == asio::error::operation_aborted || !port.acceptor.is_open()) return;
                             if (!error && accept_some(port)) return accept_later(port);
                             // Out of descriptors, mostly: accepting again at once would spin.
                             port.pause.expires_after(std::chrono::milliseconds(100));
                             port.pause.async_wait(net::kept_in(port.memory, [this, &port](error_code aborted) {
                               if (!aborted && port.acceptor.is_open()) accept_later(port);
                             }));
                           }));
}

bool Server::accept_some(Port& port) {
  for (int i = 0; i < accepted_at_once; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    Descriptor accepted(::accept4(port.acceptor.native_handle(), reinterpret_cast<sockaddr*>(&from), &size,
                                  SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted) {
      port.last_arrival = std::chrono::steady_clock::now();
      take_connection(port, std::move(accepted), to_address(from));
    } else if (errno == EAGAIN) {
      return true;
    } else if (errno != ECONNABORTED && errno != EINTR && errno != EPROTO) {
      count_refused(Refusal::descriptors, port.loop, {});
      return false;
    }
  }
  return true;
}

void Server::take_connection(Port& port, Descriptor descriptor, const base::IpAddress& peer) noexcept try {
  Loop& loop = port.loop;
  const auto& proxies = site_.settings.server.trusted_proxies;
  const bool is_proxy =
      std::any_of(proxies.begin(), proxies.end(), [&](const base::IpRange& range) { return range.contains(peer); });
  if (port.kind.proxy_protocol && !is_proxy) return count_refused(Refusal::not_a_proxy, loop, peer);

  error_code error;
  net::Socket socket(loop.context());
  socket.assign(port.family, descriptor.get(), error);
  if (error) return;
  static_cast<void>(descriptor.release());
  socket.non_blocking(true, error);

  limits::ConnectionCounter::Permit permit;
  const auto outcome = counter_.admit(peer, is_proxy, permit);
  if (outcome != limits::ConnectionCounter::Outcome::admitted) {
    const bool total = outcome == limits::ConnectionCounter::Outcome::too_many;
    count_refused(total ? Refusal::connections : Refusal::connections_per_client, loop, peer);
    return turn_away(port.kind, loop, std::move(socket), peer);
  }
  start_connection(
      port.kind, loop, std::move(socket), peer,
      [held = std::make_shared<limits::ConnectionCounter::Permit>(std::move(permit))]() mutable { held.reset(); });
} catch (...) {
  // Out of memory: only this connection is closed.
}

void Server::count_refused(Refusal refusal, Loop& loop, const base::IpAddress& peer) noexcept {
  static constexpr std::array<std::string_view, 4> reasons{"limit/connections", "limit/connections_per_client",
                                                           "proxy/untrusted_peer", "limit/descriptors"};
  const auto which = static_cast<std::size_t>(refusal);
  Refused& refused = refused_[which];
  refused.unlogged.fetch_add(1, std::memory_order_relaxed);
  const std::int64_t now = loop.clock.now().time_since_epoch().count();
  std::int64_t until = refused.quiet_until.load(std::memory_order_relaxed);
  if (now < until || !refused.quiet_until.compare_exchange_strong(
                         until, now + std::chrono::nanoseconds(quiet_time).count(), std::memory_order_relaxed))
    return;
  try {
    auto line = loop.gate.log.line(ops::Severity::warning, "sys_overload");
    line.text("reason", reasons[which]).text("src", peer.text());
    loop.gate.log.write(line.number("count", refused.unlogged.exchange(0, std::memory_order_relaxed)));
  } catch (...) {
    // No memory for the address's text: the next line counts this one, too.
  }
}

void Server::start() {
  for (const auto& listening : loops_) {
    for (const auto& port : listening->ports) accept_later(*port);
    listening->thread = std::thread([&loop = listening->loop] { loop.run(); });
  }
}

void Server::stop(std::chrono::milliseconds time) {
  for (const auto& listening : loops_) {
    if (!listening->thread.joinable()) continue;
    asio::post(listening->loop.context(), [&listening = *listening, time] {
      std::chrono::steady_clock::time_point last_arrival;
      for (const auto& port : listening.ports) {
        port->close();
        last_arrival = std::max(last_arrival, port->last_arrival);
      }
      listening.end.expires_after(time);
      listening.end.async_wait([&listening](error_code aborted) {
        if (!aborted) listening.loop.cut_members();
      });
      const auto left = last_arrival + std::min(arrival_time, time / 2) - std::chrono::steady_clock::now();
      if (listening.loop.members() == 0 || left <= left.zero()) return listening.loop.stop_members();
      listening.arrived.expires_after(left);
      listening.arrived.async_wait([&listening](error_code aborted) {
        if (!aborted) listening.loop.stop_members();
      });
    });
  }
  sockets_.clear();
  for (const auto& listening : loops_) {
    if (listening->thread.joinable()) listening->thread.join();
  }
}

void Server::tick() {
  for (const auto& listening : loops_) {
    std::promise<void> done;
    asio::post(listening->loop.context(), [&] {
      listening->loop.tick();
      done.set_value();
    });
    done.get_future().wait();
  }
}

}  // namespace sallyport::wire
