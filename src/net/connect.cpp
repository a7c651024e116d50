// One address after the other, until one takes the connection.
#include "net/connect.hpp"

#include "base/descriptor.hpp"
#include "net/stream_core.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace sallyport::net {
namespace {

using detail::StreamCore;
using detail::StreamOperation;

void set_option(int socket, int level, int option, int value) noexcept {
  static_cast<void>(
      ::setsockopt(socket, level, option, &value, sizeof value));  // an optional improvement: errors are ignored
}

class [[nodiscard]] Connecting final : public StreamOperation {
 public:
  Connecting(std::shared_ptr<StreamCore> core, const SocketAddress& address, Deadline deadline) noexcept
      : StreamOperation(std::move(core), true, deadline), address_(address) {}
  [[nodiscard]] Failure await_resume() const noexcept { return failure_; }

 private:
  Step attempt(StreamCore& core) noexcept override {
    return std::exchange(begun_, true) ? look(core.socket().native_handle()) : begin(core);
  }
  Step begin(StreamCore& core) noexcept {
    const int family = address_.get()->sa_family;
    base::Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return failed(errno);
    if (family != AF_UNIX) {
      set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
      set_option(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);  // an idle connection notices a peer that has disappeared
      set_option(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, 30);
      set_option(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, 10);
      set_option(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, 3);
    }
    const bool connected = ::connect(socket.get(), address_.get(), address_.size) == 0;
    if (!connected && errno != EINPROGRESS) return failed(errno);
    if (!core.adopt(family, socket.get())) return failed(ENOMEM);
    static_cast<void>(socket.release());
    return connected ? Step::done : Step::writable;
  }
  Step look(int socket) noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) return failed(error);
    sockaddr_storage peer{};
    size = sizeof peer;
    if (::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) == 0) return Step::done;
    return errno == ENOTCONN ? Step::writable : failed(errno);
  }
  Step failed(int error) noexcept {
    failure_ = system_failure(NetError::unreachable, error);
    return Step::done;
  }

  const SocketAddress address_;
  bool begun_ = false;
};

class [[nodiscard]] ShakingHands final : public StreamOperation {
 public:
  ShakingHands(std::shared_ptr<StreamCore> core, Deadline deadline) noexcept
      : StreamOperation(std::move(core), true, deadline) {}
  [[nodiscard]] Failure await_resume() const noexcept { return failure_; }

 private:
  Step attempt(StreamCore& core) noexcept override {
    const IoResult result = core.handshake(failure_);
    return result.state == IoState::wants_read    ? Step::readable
           : result.state == IoState::wants_write ? Step::writable
                                                  : Step::done;
  }
};

}  // namespace

Task<Connected> connect(EventLoop& loop, Resolver& resolver, Target target, Deadline deadline) {
  Resolved places;
  if (target.addresses.empty()) {
    places = co_await resolver.resolve(loop, target.host, target.port, deadline);
  } else {
    places.addresses = target.addresses;
  }
  Failure failure = places.failure ? places.failure : Failure{NetError::no_such_host, "the name has no address"};
  auto left = static_cast<std::int64_t>(places.addresses.size());
  for (const SocketAddress& place : places.addresses) {
    const Deadline now = loop.clock.now();
    if (now >= deadline) failure = timed_out;
    if (now >= deadline) break;
    const Deadline until = deadline == no_deadline ? no_deadline : now + (deadline - now) / left--;
    const auto core = std::make_shared<StreamCore>(loop);
    OutboundStream stream(core);
    failure = co_await Connecting(core, place, until);
    if (failure) continue;
    if (target.tls) {
      core->begin_tls(target);
      failure = co_await ShakingHands(core, deadline);
      if (failure) break;  // another address of the same server would not help
    }
    co_return Connected{std::move(stream), {}};
  }
  co_return Connected{{}, failure};
}

}  // namespace sallyport::net
