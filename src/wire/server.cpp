// Listeners, and the threads behind them.
#include "wire/server.hpp"

#include "wire/connection.hpp"

#include <boost/asio/post.hpp>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <future>
#include <optional>

namespace sallyport::wire {
namespace {

// Descriptors that are not connections: logs, database files, listeners, epoll.
constexpr rlim_t reserved_descriptors = 128;

std::uint32_t connection_limit(std::uint32_t configured) noexcept {
  if (configured != 0) return configured;
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) files.rlim_cur = 1024;
  const rlim_t budget = std::min<rlim_t>(files.rlim_cur, 1'000'000);
  return static_cast<std::uint32_t>(budget > 2 * reserved_descriptors ? budget - reserved_descriptors : budget / 2);
}

std::uint32_t thread_count(std::uint32_t configured) noexcept {
  return configured != 0 ? configured : std::max(1U, std::thread::hardware_concurrency());
}

ops::IpAddress to_address(const asio::ip::address& address) noexcept {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return ops::IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
  }
  std::array<std::uint8_t, 16> bytes{};
  const auto from = address.to_v6().to_bytes();
  std::copy(from.begin(), from.end(), bytes.begin());
  return ops::IpAddress::v6(bytes);
}

asio::ip::address to_asio(const ops::IpAddress& address) {
  const auto& bytes = address.bytes();
  if (address.is_v4()) return asio::ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
  asio::ip::address_v6::bytes_type to{};
  std::copy(bytes.begin(), bytes.end(), to.begin());
  return asio::ip::address_v6(to);
}

}  // namespace

struct Server::Listening {
  Listening(const ops::Clock& clock, ops::LogBuffer& log)
      : loop(clock, log), acceptor(loop.context()), pause(loop.context()) {}
  EventLoop loop;
  Acceptor acceptor;
  LoopTimer pause;
  std::thread thread;
};

Server::Server(const route::Service& service, ops::Log& log, std::unique_ptr<TlsContext> tls)
    : service_(service),
      tls_(std::move(tls)),
      counter_(connection_limit(service.settings.limits.connections), service.settings.limits.connections_per_client) {
  const std::uint32_t threads = thread_count(service.settings.server.threads);
  for (std::uint32_t i = 0; i < threads; ++i) {
    loops_.push_back(std::make_unique<Listening>(service.clock, log.new_buffer()));
  }
}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

std::string Server::listen() {
  port_ = service_.settings.server.port;
  const asio::ip::address address = to_asio(service_.settings.server.address);
  // Without SO_REUSEPORT first: a second service on the same port must fail, not take half of the connections.
  error_code error;
  const auto open = [&](Acceptor& acceptor) {
    const asio::ip::tcp::endpoint endpoint(address, port_);
    const int on = 1;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error && ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
      error = error_code(errno, boost::system::system_category());
    }
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (!error) port_ = acceptor.local_endpoint(error).port();
  };
  if (port_ != 0) {
    asio::io_context probe_context;
    asio::ip::tcp::acceptor probe(probe_context);
    const asio::ip::tcp::endpoint endpoint(address, port_);
    probe.open(endpoint.protocol(), error);
    if (!error) probe.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) probe.bind(endpoint, error);
    if (error) return error.message();
  }
  for (const auto& listening : loops_) {
    open(listening->acceptor);
    if (error) return error.message();
  }
  return {};
}

void Server::accept(Listening& listening) {
  listening.acceptor.async_accept([this, &listening](error_code error, Socket socket) {
    // Closed by `stop`, which has given `pause` another task.
    if (error == asio::error::operation_aborted || !listening.acceptor.is_open()) return;
    if (error) {
      // Out of descriptors, mostly: accepting again at once would spin.
      listening.pause.expires_after(std::chrono::milliseconds(100));
      listening.pause.async_wait([this, &listening](error_code aborted) {
        if (!aborted) accept(listening);
      });
      return;
    }
    error_code ignored;
    const auto endpoint = socket.remote_endpoint(ignored);
    const ops::IpAddress peer = to_address(endpoint.address());
    if (!ignored && counter_.admit(peer)) {
      socket.non_blocking(true, ignored);
      socket.set_option(asio::ip::tcp::no_delay(true), ignored);
      auto on_end = [this, peer] { counter_.release(peer); };
      if (tls_) {
        start_tls_connection(service_, listening.loop, *tls_, std::move(socket), peer, std::move(on_end));
      } else {
        start_plain_connection(service_, listening.loop, std::move(socket), peer, std::move(on_end));
      }
    }
    accept(listening);
  });
}

void Server::start() {
  for (const auto& listening : loops_) {
    accept(*listening);
    listening->thread = std::thread([&loop = listening->loop] { loop.run(); });
  }
}

void Server::stop(std::chrono::milliseconds time) {
  for (const auto& listening : loops_) {
    if (!listening->thread.joinable()) continue;
    asio::post(listening->loop.context(), [&listening = *listening, time] {
      error_code ignored;
      listening.acceptor.close(ignored);
      listening.pause.expires_after(time);
      listening.pause.async_wait([&listening](error_code aborted) {
        if (!aborted) listening.loop.cut_members();
      });
      listening.loop.stop_members();
    });
  }
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
