// The link of one event loop to Redis: what its requests ask goes out together, and an outage costs nobody more than a moment.
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

/// One call of the link's script, made by a coroutine that waits for it. Lives in that coroutine's frame, which may go at any time.
class RedisRequest : public sallyport::detail::Wait, private net::Deferred {
 public:
  RedisArguments arguments;  ///< after the script: the number of keys, the keys, the rest

  /// Never called when nobody could be asked. False: `reply` is no answer to this.
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

  RedisLink* link_ = nullptr;  // in whose queue it stands
  RedisRequest* next_ = nullptr;
  RedisRequest* previous_ = nullptr;
  Sent* sent_ = nullptr;
  base::Clock::SteadyTime submitted_;
};

/// How the links of all loops are, together: one outage is told once, not once by each loop. From any thread.
class RedisHealth {
 public:
  /// The first link went down (and why), or all are up again. Must not block.
  using OnChange = std::function<void(bool up, std::string_view why)>;

  explicit RedisHealth(OnChange on_change) : on_change_(std::move(on_change)) {}

  /// `why` empty: at start, which somebody else tells.
  void link_down(std::string_view why);
  void link_up();
  /// A link that was down is no more.
  void down_link_ended() noexcept { down_.fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] bool good() const noexcept { return down_.load(std::memory_order_relaxed) == 0; }

  std::atomic<std::uint64_t> lost_one_way_calls{0};

 private:
  std::mutex mutex_;  // of the order in which changes are told
  OnChange on_change_;
  std::atomic<std::size_t> down_{0};
};

/// How long the link waits before attempt `failures` (0 …) to connect again: half of 100 ms · 2ⁿ, at most of 5 s, and
/// as much again of it as `chance` (0 … 1) says, so that not all processes come back at once.
[[nodiscard]] std::chrono::milliseconds redis_retry_delay(std::uint32_t failures, double chance) noexcept;

/// Keeps one connection. It takes all that is queued (up to 512), sends it in one piece, reads the answers, and hands each back; meanwhile
/// the next gather. Anything but the expected answers in time ends the connection and fails, at once, what was asked and what is queued.
/// From then on nothing is taken until the link is there again: nobody waits for a server that is not there. Who is taken has an answer
/// within twice the timeout. All on the loop's thread, or while it does not run.
class RedisLink final : private net::Alarm {
 public:
  /// Connects when the loop runs; until that is done or has failed, requests are taken. `down`: it has been tried, and failed. All others
  /// outlive the link.
  RedisLink(net::EventLoop& loop, net::Resolver& resolver, const RedisOptions& options, RedisHealth& health, bool down);
  /// What is not answered is handed back as it is, in the loop's next turn.
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  [[nodiscard]] const net::EventLoop& loop() const noexcept { return loop_; }

  /// False: not taken, because the link is down or too much is queued.
  [[nodiscard]] bool submit(RedisRequest& request) noexcept;
  /// A call of the script whose answer is of no interest. It is lost when the link is down.
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
  net::Background task_;    // goes first: it uses all of these
};

}  // namespace sallyport::limits
