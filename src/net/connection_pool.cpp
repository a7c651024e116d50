// Chooses connections for requests, keeps idle ones and closes old ones.
#include "net/connection_pool.hpp"

#include <algorithm>
#include <array>
#include <coroutine>
#include <list>
#include <map>
#include <string>
#include <tuple>

namespace sallyport::net {
namespace {

constexpr std::chrono::hours longest_kept_time{1};

}  // namespace

// An idle connection. A read is pending on it: any input or end makes it unusable.
class ConnectionPool::Kept final : public Reading {
 public:
  Kept(Place the_place, OutboundStream the_stream, Deadline the_since, Deadline until) noexcept
      : Reading(the_stream.core(), byte_, until),
        place(std::move(the_place)),
        stream(std::move(the_stream)),
        since(the_since) {}
  /// False when there is nothing to keep.
  [[nodiscard]] bool watch() noexcept { return !try_now() && suspend(); }
  void finish() noexcept override;

  Place place;
  OutboundStream stream;
  const Deadline since;

 private:
  std::array<char, 1> byte_{};
};

// A coroutine that waits for a connection, or for a place for one.
class ConnectionPool::Waiter final : public sallyport::detail::Wait,
                                     private base::TimingWheel::Timer,
                                     private Deferred {
 public:
  Waiter(State& state, Origin& origin, Deadline deadline) noexcept
      : state_(state), origin_(origin), deadline_(deadline) {}
  ~Waiter() { stop_waiting(); }

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiter) {
    waits_here(waiter, *waiter.promise().context);
    begin();
  }
  void await_resume() const noexcept {}

  void receive(Place the_place, OutboundStream the_stream) noexcept;
  void fails(Failure why) noexcept;

  Place place;
  OutboundStream stream;
  Failure failure;

 private:
  void begin();
  void stop_waiting() noexcept;
  void expired() noexcept override { fails(timed_out); }
  void run_deferred() noexcept override { finish(); }

  State& state_;
  Origin& origin_;
  const Deadline deadline_;
  std::list<Waiter*>::iterator at_;
  bool waits_ = false;
};

// What all connections to one target share. Destroyed with the last of them: no coroutine waits then, because a waiting one gets the place of a
// connection that ends.
struct ConnectionPool::Origin {
  using Key = std::tuple<std::string, std::uint16_t, SSL_CTX*, std::string>;
  Key key;
  std::shared_ptr<SSL_CTX> tls;  // keeps its address from being used again
  std::size_t places = 0;
  std::list<Kept> kept;  // the oldest first
  std::list<Waiter*> waiting;
};

struct ConnectionPool::State {
  State(EventLoop& the_loop, Resolver& the_resolver, PoolLimits the_limits)
      : loop(the_loop), resolver(the_resolver), limits(the_limits) {}

  [[nodiscard]] Origin& origin(const Target& target) {
    Origin::Key key(target.host, target.port, target.tls.get(), target.alpn);
    Origin& found = origins[key];
    if (std::get<0>(found.key).empty()) {
      found.key = std::move(key);
      found.tls = target.tls;
    }
    return found;
  }
  void forget(const Origin& origin) noexcept {
    const auto found = origins.find(origin.key);
    if (found != origins.end()) origins.erase(found);
  }
  [[nodiscard]] Origin* longest_kept() noexcept {
    Origin* oldest = nullptr;
    for (auto& [key, origin] : origins) {
      if (!origin.kept.empty() && (!oldest || origin.kept.front().since < oldest->kept.front().since)) oldest = &origin;
    }
    return oldest;
  }

  EventLoop& loop;
  Resolver& resolver;
  const PoolLimits limits;
  std::map<Origin::Key, Origin> origins;
  std::size_t places = 0;
  bool closed = false;
};

ConnectionPool::Place& ConnectionPool::Place::operator=(Place&& other) noexcept {
  if (this != &other) {
    leave();
    state_ = std::move(other.state_);
    origin_ = std::exchange(other.origin_, nullptr);
  }
  return *this;
}

void ConnectionPool::Place::leave() noexcept {
  Origin* const origin = std::exchange(origin_, nullptr);
  if (!origin) return;
  const std::shared_ptr<State> state = std::move(state_);
  if (!origin->waiting.empty()) return origin->waiting.front()->receive(Place(state, origin), {});
  --state->places;
  if (--origin->places == 0) state->forget(*origin);
}

void ConnectionPool::Kept::finish() noexcept {
  // The connection ends with its place, which may destroy its origin.
  const Place last = std::move(place);
  last.origin_->kept.remove_if([this](const Kept& other) { return &other == this; });
}

void ConnectionPool::Waiter::begin() {
  at_ = origin_.waiting.insert(origin_.waiting.end(), this);
  waits_ = true;
  if (deadline_ != no_deadline) state_.loop.wheel.arm(*this, deadline_);
}

void ConnectionPool::Waiter::stop_waiting() noexcept {
  if (!std::exchange(waits_, false)) return;
  base::TimingWheel::disarm(*this);
  origin_.waiting.erase(at_);
}

void ConnectionPool::Waiter::receive(Place the_place, OutboundStream the_stream) noexcept {
  stop_waiting();
  place = std::move(the_place);
  stream = std::move(the_stream);
  state_.loop.defer(*this);
}

void ConnectionPool::Waiter::fails(Failure why) noexcept {
  stop_waiting();
  failure = why;
  state_.loop.defer(*this);
}

ConnectionPool::Lease& ConnectionPool::Lease::operator=(Lease&& other) noexcept {
  stream_ = std::move(other.stream_);
  place_ = std::move(other.place_);
  reused_ = other.reused_;
  return *this;
}

void ConnectionPool::Lease::give_back(std::chrono::nanoseconds time) noexcept {
  Place place = std::move(place_);
  OutboundStream stream = std::move(stream_);
  if (!place || !stream.quiet() || place.state_->closed) return stream.close();
  Origin& origin = *place.origin_;
  State& state = *place.state_;
  if (!origin.waiting.empty()) return origin.waiting.front()->receive(std::move(place), std::move(stream));
  if (origin.kept.size() >= state.limits.kept) return stream.close();
  const Deadline now = state.loop.clock.now();
  try {
    Kept& kept = origin.kept.emplace_back(std::move(place), std::move(stream), now,
                                          now + std::min<std::chrono::nanoseconds>(time, longest_kept_time));
    if (!kept.watch()) kept.finish();
  } catch (...) {
    return;  // no memory to keep it
  }
}

ConnectionPool::ConnectionPool(EventLoop& loop, Resolver& resolver, PoolLimits limits) {
  limits.per_target = std::max<std::size_t>(limits.per_target, 1);
  state_ = std::make_shared<State>(loop, resolver, limits);
}

ConnectionPool::~ConnectionPool() {
  state_->closed = true;
  while (Origin* const origin = state_->longest_kept()) origin->kept.front().finish();
  for (auto& [key, origin] : state_->origins) {
    while (!origin.waiting.empty()) origin.waiting.front()->fails({NetError::lost, "the pool has ended"});
  }
}

std::size_t ConnectionPool::connections() const noexcept { return state_->places; }

std::size_t ConnectionPool::kept() const noexcept {
  std::size_t count = 0;
  for (const auto& [key, origin] : state_->origins) count += origin.kept.size();
  return count;
}

Task<ConnectionPool::Leased> ConnectionPool::take(Target target, Deadline deadline,
                                                  std::chrono::nanoseconds most_idle) {
  return take_from(state_, std::move(target), deadline, most_idle);
}

Task<ConnectionPool::Leased> ConnectionPool::take_from(std::shared_ptr<State> state, Target target, Deadline deadline,
                                                       std::chrono::nanoseconds most_idle) {
  constexpr Failure too_many{NetError::too_many, "too many connections to others"};
  Origin& origin = state->origin(target);
  const Deadline now = state->loop.clock.now();
  Place place;
  // The newest first: it is the least likely to have been closed, and the others get old and are closed.
  while (!origin.kept.empty() && now - origin.kept.back().since < most_idle) {
    place = std::move(origin.kept.back().place);
    OutboundStream stream = std::move(origin.kept.back().stream);
    origin.kept.pop_back();
    if (stream.quiet()) co_return Leased{Lease(std::move(place), std::move(stream), true), {}};
  }
  if (!place && origin.places >= state->limits.per_target && !origin.kept.empty()) {
    place = std::move(origin.kept.front().place);
    origin.kept.pop_front();
  } else if (!place && origin.places >= state->limits.per_target) {
    if (origin.waiting.size() >= state->limits.waiting) co_return Leased{{}, too_many};
    Waiter waiter(*state, origin, deadline);
    co_await waiter;
    if (waiter.failure) co_return Leased{{}, waiter.failure};  // the origin may be gone
    place = std::move(waiter.place);
    if (waiter.stream.quiet()) co_return Leased{Lease(std::move(place), std::move(waiter.stream), true), {}};
  } else if (!place) {
    ++origin.places;
    ++state->places;
    place = Place(state, &origin);
    if (state->places > state->limits.in_all) {
      Origin* const oldest = state->longest_kept();
      if (!oldest) co_return Leased{{}, too_many};
      oldest->kept.front().finish();
    }
  }
  Connected made = co_await connect(state->loop, state->resolver, std::move(target), deadline);
  if (made.failure) co_return Leased{{}, made.failure};
  co_return Leased{Lease(std::move(place), std::move(made.stream), false), {}};
}

}  // namespace sallyport::net
