// socket, bind, listen, and the checks on sockets that others have made.
#include "wire/listeners.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

namespace sallyport::wire {
namespace {

// An address and port as the socket calls take them.
class Endpoint {
 public:
  Endpoint() noexcept = default;
  Endpoint(const base::IpAddress& address, std::uint16_t port) noexcept {
    const auto& bytes = address.bytes();
    if (address.is_v4()) {
      sockaddr_in v4{};
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      std::memcpy(&v4.sin_addr, bytes.data() + 12, sizeof v4.sin_addr);
      std::memcpy(&storage_, &v4, size_ = sizeof v4);
    } else {
      sockaddr_in6 v6{};
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      std::memcpy(&v6.sin6_addr, bytes.data(), sizeof v6.sin6_addr);
      std::memcpy(&storage_, &v6, size_ = sizeof v6);
    }
  }
  // What the socket is bound to.
  static std::optional<Endpoint> of(int socket) noexcept {
    Endpoint endpoint;
    endpoint.size_ = sizeof endpoint.storage_;
    if (::getsockname(socket, endpoint.raw(), &endpoint.size_) != 0) return std::nullopt;
    if (endpoint.family() != AF_INET && endpoint.family() != AF_INET6) return std::nullopt;
    return endpoint;
  }

  [[nodiscard]] sockaddr* raw() noexcept { return reinterpret_cast<sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t size() const noexcept { return size_; }
  [[nodiscard]] int family() const noexcept { return storage_.ss_family; }
  // At the same place in both families.
  [[nodiscard]] std::uint16_t port() const noexcept {
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  }
  [[nodiscard]] bool operator==(const Endpoint& other) const noexcept {
    return size_ == other.size_ && std::memcmp(&storage_, &other.storage_, size_) == 0;
  }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

std::string error_text() { return std::generic_category().message(errno); }

// Browsers ask ::1 first for `localhost`.
const base::IpAddress& other_loopback() {
  static const base::IpAddress address = *base::IpAddress::parse("::1");
  return address;
}

bool set_option(int socket, int option) noexcept {
  const int on = 1;
  return ::setsockopt(socket, SOL_SOCKET, option, &on, sizeof on) == 0;
}

// Accepted sockets inherit these: answers go out at once, and what the kernel keeps for a client that does not read is bounded
// (by default it is some megabytes each).
void set_inherited_options(int socket) noexcept {
  const int on = 1;
  const int unsent = 128 * 1024;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

bool has_option(int socket, int option, int wanted) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(socket, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

Descriptor bound_socket(Endpoint endpoint, bool shared) noexcept {
  Descriptor socket(::socket(endpoint.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket || !set_option(socket.get(), SO_REUSEADDR) || (shared && !set_option(socket.get(), SO_REUSEPORT)) ||
      ::bind(socket.get(), endpoint.raw(), endpoint.size()) != 0) {
    return {};
  }
  set_inherited_options(socket.get());
  return socket;
}

PortProblem bind_port(const base::IpAddress& address, std::uint16_t port, std::size_t count,
                      std::vector<Descriptor>& out) {
  // Without SO_REUSEPORT first: a second service on the same port must fail, not take half of the connections.
  if (port != 0 && !bound_socket(Endpoint(address, port), false)) return {errno, address, port};
  while (out.size() < count) {
    Descriptor socket = bound_socket(Endpoint(address, port), true);
    if (!socket || ::listen(socket.get(), SOMAXCONN) != 0) return {errno, address, port};
    if (const auto bound = Endpoint::of(socket.get()))
      port = bound->port();  // 0 asked for any: all sockets for the same
    out.push_back(std::move(socket));
  }
  return {};
}

PortProblem bind_other_loopback(std::uint16_t wanted, std::uint16_t port, std::size_t count,
                                std::vector<Descriptor>& out) {
  std::vector<Descriptor> more;
  const PortProblem problem = bind_port(other_loopback(), port, count, more);
  // Another program there would answer for this one. Where any port was asked for, or there is no ::1, one loopback is enough.
  if (problem.error == EADDRINUSE && wanted != 0) return problem;
  if (problem.error == 0) std::move(more.begin(), more.end(), std::back_inserter(out));
  return {};
}

}  // namespace

std::string PortProblem::text() const {
  return "port " + std::to_string(port) + " of " + address.text() + ": " + std::generic_category().message(error);
}

bool PortProblem::denied() const noexcept { return error == EACCES || error == EPERM; }

PortProblem try_ports(const ops::ServerSettings& settings) {
  for (const std::uint16_t port : {settings.port, settings.redirect_port}) {
    if (port == 0) continue;
    if (!bound_socket(Endpoint(settings.address, port), false) && errno != EADDRINUSE)
      return {errno, settings.address, port};
  }
  return {};
}

std::string Listeners::adopt(std::vector<Descriptor> sockets, const ops::ServerSettings& settings) {
  for (Descriptor& socket : sockets) {
    const auto bound = Endpoint::of(socket.get());
    if (!bound || !has_option(socket.get(), SO_ACCEPTCONN, 1) || !has_option(socket.get(), SO_TYPE, SOCK_STREAM))
      return "a socket was handed over that does not listen for TCP connections";
    const bool redirects = settings.redirect_port != 0 && bound->port() == settings.redirect_port;
    const std::uint16_t port = redirects || settings.port == 0 ? bound->port() : settings.port;
    if (*bound != Endpoint(settings.address, port) &&
        !(settings.both_loopbacks && *bound == Endpoint(other_loopback(), port))) {
      return "a socket was handed over that listens on port " + std::to_string(bound->port()) +
             " or another address than these settings want: stop the running process first";
    }
    if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0) return error_text();
    set_inherited_options(socket.get());
    (redirects ? redirect : main).push_back(std::move(socket));
  }
  return {};
}

std::string Listeners::bind(const ops::ServerSettings& settings, std::size_t count) {
  PortProblem problem;
  if (main.empty()) {
    problem = bind_port(settings.address, settings.port, count, main);
    if (problem.error == 0 && settings.both_loopbacks)
      problem = bind_other_loopback(settings.port, port(), count, main);
  }
  if (problem.error == 0 && redirect.empty() && settings.redirect_port != 0)
    problem = bind_port(settings.address, settings.redirect_port, count, redirect);
  return problem.error == 0 ? std::string() : problem.text();
}

std::uint16_t Listeners::port() const noexcept {
  const auto bound = main.empty() ? std::nullopt : Endpoint::of(main.front().get());
  return bound ? bound->port() : std::uint16_t{0};
}

std::vector<Descriptor> activated_sockets() {
  constexpr int first = 3;
  const auto number = [](const char* name) {
    const char* const text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread has been started
    const std::string_view digits = text ? text : "";
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc{} && end == digits.data() + digits.size() ? value : 0;
  };
  std::vector<Descriptor> sockets;
  if (number("LISTEN_PID") != ::getpid()) return sockets;
  for (int i = 0; i < std::min(number("LISTEN_FDS"), 1024); ++i) {
    if (::fcntl(first + i, F_SETFD, FD_CLOEXEC) == 0) sockets.emplace_back(first + i);
  }
  return sockets;
}

}  // namespace sallyport::wire
