// A pool of connections: idle ones are kept for a while, their number is bounded, and waiting requests are served in
// order.
#pragma once

#include <sallyport/task.hpp>

#include "net/connect.hpp"
#include "net/event_loop.hpp"
#include "net/outbound_stream.hpp"
#include "net/resolver.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <utility>

namespace sallyport::net {

struct PoolLimits {
  std::size_t per_target = 1024;  ///< connections to one target: in use, being made or kept; at least 1
  std::size_t in_all = 4096;      ///< to all targets; the one that was kept longest makes room
  std::size_t waiting = 256;      ///< coroutines that wait for a connection to one target
  std::size_t kept = 64;          ///< idle connections to one target
};

/// The connections of one event loop, to any number of targets: those with the same host, port, TLS context and ALPN share theirs. All calls
/// on the loop's thread. `loop` and `resolver` outlive all leases and waiting coroutines; the pool itself need not.
class ConnectionPool {
  struct Origin;
  struct State;
  // One connection's place in the numbers above; when it is free, the first waiting coroutine gets it.
  class Place {
   public:
    Place() noexcept = default;
    Place(std::shared_ptr<State> state, Origin* origin) noexcept : state_(std::move(state)), origin_(origin) {}
    Place(Place&& other) noexcept : state_(std::move(other.state_)), origin_(std::exchange(other.origin_, nullptr)) {}
    Place& operator=(Place&& other) noexcept;
    ~Place() { leave(); }
    void leave() noexcept;
    [[nodiscard]] explicit operator bool() const noexcept { return origin_ != nullptr; }

   private:
    friend class ConnectionPool;
    std::shared_ptr<State> state_;
    Origin* origin_ = nullptr;
  };

 public:
  /// Exclusive use of a connection. The destructor closes it, unless it was given back.
  class Lease {
   public:
    Lease() noexcept = default;
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease() = default;

    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(stream_); }
    [[nodiscard]] OutboundStream& stream() noexcept { return stream_; }
    /// It was used before: the peer may have closed it just now, which is no error.
    [[nodiscard]] bool reused() const noexcept { return reused_; }
    /// Call when the last answer was read to its end and the peer keeps the connection open: others may use it, for `time` from now on. A
    /// stream that has failed or has unread input is closed.
    void give_back(std::chrono::nanoseconds time) noexcept;

   private:
    friend class ConnectionPool;
    Lease(Place place, OutboundStream stream, bool reused) noexcept
        : place_(std::move(place)), stream_(std::move(stream)), reused_(reused) {}
    Place place_;  // left after the stream has been closed
    OutboundStream stream_;
    bool reused_ = false;
  };

  struct Leased {
    Lease lease;  ///< none when it failed
    Failure failure;
  };

  static constexpr std::chrono::nanoseconds any_age = std::chrono::nanoseconds::max();

  ConnectionPool(EventLoop& loop, Resolver& resolver, PoolLimits limits = {});
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// A connection that was kept for less than `most_idle`, or a new one; waits for its turn where there are too many. Fails as connect()
  /// does, and with `too_many`.
  [[nodiscard]] Task<Leased> take(Target target, Deadline deadline, std::chrono::nanoseconds most_idle = any_age);

  [[nodiscard]] std::size_t connections() const noexcept;  ///< in use, being made or kept
  [[nodiscard]] std::size_t kept() const noexcept;

 private:
  class Kept;
  class Waiter;
  static Task<Leased> take_from(std::shared_ptr<State> state, Target target, Deadline deadline,
                                std::chrono::nanoseconds most_idle);

  std::shared_ptr<State> state_;
};

}  // namespace sallyport::net
