// The one link of a process to Redis: what event loops ask goes out together, and an outage costs nobody more than a moment.
#pragma once

#include <sallyport/job.hpp>
#include <sallyport/secret.hpp>

#include "base/descriptor.hpp"
#include "limits/redis_connection.hpp"
#include "limits/redis_protocol.hpp"
#include "limits/redis_url.hpp"
#include "net/openssl.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace sallyport::limits {

/// One call of the link's script, made by a coroutine that waits for it. Lives in that coroutine's frame.
class RedisRequest : public sallyport::detail::Job {
 public:
  RedisArguments arguments;  ///< after the script: the number of keys, the keys, the rest

  /// On the link's thread. Never called when nobody could be asked. False: `reply` is no answer to this.
  [[nodiscard]] virtual bool read(const RedisReply& reply) noexcept = 0;

 protected:
  RedisRequest() = default;
  ~RedisRequest() = default;
  void perform(std::size_t) final {}  // the answer was read before

 private:
  friend class RedisLink;
  std::chrono::steady_clock::time_point submitted_;
};

/// How the link is made. `script` is a constant.
struct RedisLinkOptions {
  /// Called on the link's thread when the link goes down (and why) or is there again, after the first attempt. Must not block.
  using OnChange = std::function<void(bool up, std::string_view why)>;

  RedisAddress address;
  std::string user;
  SecretBytes password;
  net::SslContext tls;  ///< with `address.tls`
  std::chrono::milliseconds timeout{100};
  std::size_t queue_limit = 10'000;
  std::string_view script;
  RedisArguments probe;  ///< a harmless call that writes: a server that only reads is as good as none
  OnChange on_change;
};

/// How long the link waits before attempt `failures` (0 …) to connect again: half of 100 ms · 2ⁿ, at most of 5 s, and
/// as much again of it as `chance` (0 … 1) says, so that not all processes come back at once.
[[nodiscard]] std::chrono::milliseconds redis_retry_delay(std::uint32_t failures, double chance) noexcept;

/// One thread owns the connection. It takes all that is queued (up to 512), sends it in one piece, reads the answers, and
/// hands each back; meanwhile the next gather. Anything but the expected answers in time ends the connection and fails, at
/// once, what was asked and what is queued. From then on nothing is taken until the link is there again: nobody waits for
/// a server that is not there. Who is taken has an answer within twice the timeout. Any thread may call anything.
class RedisLink {
 public:
  /// Starts to connect.
  explicit RedisLink(RedisLinkOptions options);
  /// For when event loops have ended, and nobody waits for results any more: what is not answered is given back as it is.
  ~RedisLink();
  RedisLink(const RedisLink&) = delete;
  RedisLink& operator=(const RedisLink&) = delete;

  /// Waits until the first attempt to connect is over. Empty, or why it failed; further ones go on in the background.
  [[nodiscard]] std::string first_attempt();
  [[nodiscard]] bool available() const noexcept { return up_.load(std::memory_order_relaxed); }

  /// False: not taken, because the link is down or too much is queued.
  [[nodiscard]] bool submit(RedisRequest& request) noexcept;
  /// A call of the script whose answer is of no interest. It is lost when the link is down.
  void note(RedisArguments call);
  /// How many notes were lost.
  [[nodiscard]] std::uint64_t lost_notes() const noexcept { return lost_notes_.load(std::memory_order_relaxed); }

 private:
  struct Sent {
    const RedisArguments* arguments;
    RedisRequest* request;  // null: a note, or answered
  };

  void work() noexcept;
  // These return what went wrong, or nothing.
  [[nodiscard]] std::string connect();
  [[nodiscard]] std::string reconnect(std::chrono::milliseconds time);
  [[nodiscard]] std::string sign_in(RedisDeadline deadline);
  [[nodiscard]] std::string serve(std::uint32_t& failures);
  [[nodiscard]] std::string round_trip();

  void change(bool up, std::string_view why);
  void take_batch();
  void fail_all() noexcept;
  void pause(std::chrono::milliseconds time) const noexcept;
  [[nodiscard]] bool must_sleep();

  const RedisLinkOptions options_;
  base::Descriptor stop_;  // eventfds: readable from the destructor on,
  base::Descriptor wake_;  // and when something was queued while the thread slept

  // The thread's own.
  RedisConnection connection_;
  std::string digest_;  // of the script, as Redis told it
  std::vector<RedisArguments> notes_in_flight_;
  std::vector<Sent> in_flight_;
  std::minstd_rand random_;

  std::mutex mutex_;
  std::condition_variable first_over_;
  std::optional<std::string> first_;  // what the first attempt came to
  RedisRequest* queue_ = nullptr;
  RedisRequest* queue_end_ = nullptr;
  std::size_t queued_ = 0;
  std::deque<RedisArguments> notes_;
  bool asleep_ = false;
  std::atomic<bool> up_{false};  // changed under the mutex
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> lost_notes_{0};
  std::thread thread_;
};

}  // namespace sallyport::limits
