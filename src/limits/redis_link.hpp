// The link of one event loop to Redis: requests are sent together, and an outage delays none of them for longer than a moment.
#pragma once

#include <sallyport/job.hpp>

#include "limits/redis_protocol.hpp"
#include "limits/redis_session.hpp"
#include "net/background.hpp"
#include "net/event_loop.hpp"
#include "net/resolver.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::limits {

class RedisLink;

/// One call of the link's script, made by a coroutine that waits for it. Lives in that coroutine's frame, which may be destroyed at
/// any time.
class RedisRequest : public sallyport::detail::Wait, private net::Deferred {
 public:
  RedisArguments arguments;  ///< after the script: the number of keys, the keys, the rest

  /// Not called when Redis could not be reached. False: `reply` is not an answer to this call.
  [[nodiscard]] virtual bool read(const RedisReply& reply) noexcept = 0;

 protected:
  RedisRequest() = default;
  ~RedisRequest();

 private:
  friend class RedisLink;
  struct Sent {
    RedisArguments arguments;
    RedisRequest* request;  // null: a one-way call, or answered, or its coroutine has gone
  };
  void run_deferred() noexcept override { finish(); }

  RedisLink* link_ = nullptr;  // the link whose queue it is in
  RedisRequest* next_ = nullptr;
  RedisRequest* previous_ = nullptr;
  Sent* sent_ = nullptr;
  base::Clock::SteadyTime submitted_;
};

/// The state of all loops' links together: one outage is reported once, not once by each loop. From any thread.
class RedisHealth {
 public:
  /// The first link went down (and why), or all are up again. Must not block.
  using OnChange = std::function<void(bool up, std::string_view why)>;

  explicit RedisHealth(OnChange on_change) : on_change_(std::move(on_change)) {}

  /// `why` is empty at start, when the failure is reported by the caller.
  void link_down(std::string_view why);
  void link_up();
  /// A link that was down was destroyed.
  void down_link_ended() noexcept { down_.fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] bool good() const noexcept { return down_.load(std::memory_order_relaxed) == 0; }

  std::atomic<std::uint64_t> lost_one_way_calls{0};

 private:
  std::mutex mutex_;  // keeps reported changes in order
  OnChange on_change_;
  std::atomic<std::size_t> down_{0};
};

/// How long the link waits before attempt `failures` (0 …) to connect again: half of 100 ms · 2ⁿ, at most of 5 s, and
/// as much again of it as `chance` (0 … 1) says, so that not all processes come back at once.
[[nodiscard]] std::chrono::milliseconds redis_retry_delay(std::uint32_t failures, double chance) noexcept;

/// Keeps one connection. It takes all that is queued (up to 512), sends it in one piece, reads the answers, and hands each back; meanwhile
/// new requests are queued. Any unexpected or late answer closes the connection and fails, at once, all requests that were sent or queued.
/// From then on requests are refused until the link is up again, so that none waits for a server that can't be reached. A request that is
/// accepted has an answer within twice the timeout. All on the loop's thread, or while it does not run.
class RedisLink final : private net::Alarm {
 public:
  /// Connects when the loop runs; until it has connected or failed, requests are accepted. `down`: an attempt before this has failed. All
  /// arguments outlive the link.
  RedisLink(net::EventLoop& loop, net::Resolver& resolver, const RedisOptions& options, RedisHealth& health, bool down);
  /// Requests without an answer are handed back as they are, in the loop's next turn.
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  [[nodiscard]] const net::EventLoop& loop() const noexcept { return loop_; }

  /// False: refused, because the link is down or the queue is full.
  [[nodiscard]] bool submit(RedisRequest& request) noexcept;
  /// A call of the script whose answer is not used. It is lost when the link is down.
  void call_one_way(RedisArguments call);

 private:
  friend class RedisRequest;
  class Quiet;
  class Watch;
  using Sent = RedisRequest::Sent;

  [[nodiscard]] Task<void> work();
  // These return what went wrong, or nothing.
  [[nodiscard]] Task<std::string> connect(std::chrono::milliseconds time);
  [[nodiscard]] Task<std::string> serve();
  [[nodiscard]] Task<std::string> wait_until_asked();
  [[nodiscard]] Task<std::string> round_trip();
  [[nodiscard]] std::string take_answer(Sent& sent, std::vector<Sent*>& again);

  [[nodiscard]] std::chrono::milliseconds next_delay();
  void change(bool up, std::string_view why);
  void take_batch();
  void leave_queue(RedisRequest& request) noexcept;
  void hand_back(RedisRequest& request) noexcept;
  void fail_all() noexcept;
  void wake() noexcept;
  void rang() noexcept override;
  void set_alarm() noexcept;

  net::EventLoop& loop_;
  const RedisOptions& options_;
  RedisHealth& health_;
  RedisSession session_;
  std::minstd_rand random_;
  std::uint32_t failures_ = 0;
  bool up_;

  RedisRequest* first_ = nullptr;
  RedisRequest* last_ = nullptr;
  std::size_t queued_ = 0;
  std::deque<RedisArguments> one_way_calls_;

  std::vector<Sent> in_flight_;  // never more than was reserved: requests point into it
  std::size_t one_way_in_flight_ = 0;
  std::string outgoing_;
  base::Clock::SteadyTime answers_until_ = net::no_deadline;
  Quiet* quiet_ = nullptr;  // the link waits for requests
  net::Background task_;    // destroyed first: it uses all of these
};

}  // namespace sallyport::limits
