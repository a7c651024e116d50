// Looks host names up without blocking an event loop.
#pragma once

#include <sallyport/job.hpp>

#include "net/event_loop.hpp"
#include "net/failure.hpp"

#include <sys/socket.h>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sallyport::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// `addresses` in the order in which they are to be tried.
struct Resolved {
  std::vector<SocketAddress> addresses;
  Failure failure;
};

/// The result of getaddrinfo. Its time is not bounded.
[[nodiscard]] Resolved look_up(const std::string& host, std::uint16_t port);

/// Looks names up on a few threads that are there only while there is something to look up; so a name server that does not answer
/// holds up neither an event loop nor the end of the process. For any number of loops; must be destroyed before them.
class Resolver {
 public:
  using LookUp = std::function<Resolved(const std::string& host, std::uint16_t port)>;
  static constexpr std::size_t max_threads = 4;
  static constexpr std::size_t max_waiting = 256;

  /// Another `look_up` is for tests.
  explicit Resolver(LookUp look_up = net::look_up);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  class Resolving;
  /// `co_await resolver.resolve(…)`, on `loop`'s thread, answers a Resolved. An IP address is answered at once; a host that begins with a
  /// slash is the path of a Unix socket.
  [[nodiscard]] Resolving resolve(EventLoop& loop, const std::string& host, std::uint16_t port,
                                  base::Clock::SteadyTime deadline);

 private:
  class Lookup;
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared) noexcept;
  [[nodiscard]] bool submit(const std::shared_ptr<Lookup>& lookup);

  std::shared_ptr<Shared> shared_;
};

class [[nodiscard]] Resolver::Resolving final : public sallyport::detail::Wait, private base::TimingWheel::Timer {
 public:
  Resolving(Resolver& resolver, EventLoop& loop, const std::string& host, std::uint16_t port,
            base::Clock::SteadyTime deadline);
  ~Resolving();

  bool await_ready() noexcept { return is_address(); }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    waits_here(waiter, *waiter.promise().context);
    return start();
  }
  Resolved await_resume() noexcept { return std::move(answer_); }

 private:
  friend class Resolver::Lookup;
  [[nodiscard]] bool is_address() noexcept;
  [[nodiscard]] bool start() noexcept;
  void expired() noexcept override;

  Resolver& resolver_;
  EventLoop& loop_;
  const std::string& host_;  // in the waiting coroutine's frame
  const std::uint16_t port_;
  const base::Clock::SteadyTime deadline_;
  std::shared_ptr<Lookup> lookup_;
  Resolved answer_;
};

}  // namespace sallyport::net
