// The other end of a connection: a listener of the test's own, plain or TLS, that a thread serves with blocking calls.
#pragma once

#include "base/descriptor.hpp"
#include "net/openssl.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace sallyport::testing {

/// A connection that a Peer has accepted.
class PeerConnection {
 public:
  PeerConnection(base::Descriptor socket, SSL_CTX* tls, const std::atomic<bool>& stopping)
      : socket_(std::move(socket)), stopping_(stopping) {
    if (!tls) return;
    ssl_.reset(SSL_new(tls));
    SSL_set_fd(ssl_.get(), socket_.get());
    good_ = SSL_accept(ssl_.get()) == 1;
  }
  PeerConnection(const PeerConnection&) = delete;
  PeerConnection& operator=(const PeerConnection&) = delete;

  [[nodiscard]] bool good() const noexcept { return good_; }
  [[nodiscard]] int socket() const noexcept { return socket_.get(); }

  /// What comes next; empty at the end, or when the test is over.
  std::string hear() {
    while (!(ssl_ && SSL_pending(ssl_.get()) > 0)) {
      if (stopping_) return {};
      pollfd waiting{socket_.get(), POLLIN, 0};
      if (::poll(&waiting, 1, 10) > 0) break;
    }
    std::array<char, 65'536> space{};
    const ssize_t got = ssl_ ? SSL_read(ssl_.get(), space.data(), static_cast<int>(space.size()))
                             : ::recv(socket_.get(), space.data(), space.size(), 0);
    return {space.data(), got > 0 ? static_cast<std::size_t>(got) : 0};
  }
  bool say(std::string_view text) {
    while (!text.empty()) {
      const ssize_t put = ssl_ ? SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()))
                               : ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (put <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
  }
  /// Until the other side has gone or the test is over.
  void wait_for_end() {
    while (!hear().empty()) continue;
  }
  void end_tls() {
    if (ssl_) SSL_shutdown(ssl_.get());
  }
  /// Closing sends a reset.
  void reset_on_close() {
    const linger at_once{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }

 private:
  base::Descriptor socket_;
  net::Ssl ssl_;
  const std::atomic<bool>& stopping_;
  bool good_ = true;
};

class Peer {
 public:
  using Serve = std::function<void(PeerConnection&)>;

  /// Serves one connection after the other with `serve`.
  explicit Peer(Serve serve, std::shared_ptr<SSL_CTX> tls = {}) : Peer() {
    thread_ = std::thread([this, serve = std::move(serve), tls = std::move(tls)] {
      while (!stopping_) {
        pollfd waiting{listener_.get(), POLLIN, 0};
        if (::poll(&waiting, 1, 10) <= 0) continue;
        base::Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        ++connections_;
        PeerConnection connection(std::move(socket), tls.get(), stopping_);
        if (connection.good()) serve(connection);
        ERR_clear_error();
      }
    });
  }
  /// Accepts nobody: connections wait in the listener's queue.
  Peer() {
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
    listener_ = base::Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    auto* const address = reinterpret_cast<sockaddr*>(&place);
    if (::bind(listener_.get(), address, size) != 0 || ::listen(listener_.get(), 8) != 0 ||
        ::getsockname(listener_.get(), address, &size) != 0)
      throw std::runtime_error("no listener");
    port_ = ntohs(place.sin_port);
  }
  ~Peer() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] int connections() const noexcept { return connections_; }

 private:
  base::Descriptor listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::thread thread_;
};

/// A listener whose queue is full: it answers nobody.
class FullListener {
 public:
  FullListener() {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    auto* const address = reinterpret_cast<sockaddr*>(&place);
    if (::bind(listener_.get(), address, size) != 0 || ::listen(listener_.get(), 0) != 0 ||
        ::getsockname(listener_.get(), address, &size) != 0)
      throw std::runtime_error("no listener");
    port = ntohs(place.sin_port);
    for (int i = 0; i < 4; ++i) {
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      static_cast<void>(::connect(waiting_.back().get(), address, size));
    }
  }
  std::uint16_t port = 0;

 private:
  base::Descriptor listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::vector<base::Descriptor> waiting_;
};

inline void echo(PeerConnection& connection) {
  for (std::string heard = connection.hear(); !heard.empty(); heard = connection.hear()) connection.say(heard);
}

}  // namespace sallyport::testing
