// A bounded pool of threads for work that would block an event loop: SQLite, Argon2. It is fair between clients.
#pragma once

#include <sallyport/job.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace sallyport::base {

/// Clients take turns (start-time fair queueing): the first job of a client waits for no more than one of each other one, however many these
/// have handed over, and slow work of one client does not hold all workers. The jobs of nobody, whose source is 0, have no such bounds.
class WorkerPool final : public sallyport::detail::JobQueue {
 public:
  /// `threads` workers and at most `queue_limit` jobs that wait for one, `per_source` of them of one client; more are refused. A job that
  /// has run for longer than `slow` keeps its client from the last worker that is free.
  WorkerPool(std::size_t threads, std::size_t queue_limit, std::size_t per_source,
             std::chrono::milliseconds slow = std::chrono::milliseconds(50));
  WorkerPool(std::size_t threads, std::size_t queue_limit) : WorkerPool(threads, queue_limit, queue_limit) {}
  /// Call when the event loops have ended and no coroutine waits for results: waits for the jobs that run, and gives those
  /// that no worker has begun back as they are.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] bool submit(sallyport::detail::Job& job) noexcept override;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Running {
    bool busy = false;
    std::uint64_t source = 0;
    std::uint64_t turn = 0;
    Time since;
  };

  void work(std::size_t worker) noexcept;
  [[nodiscard]] sallyport::detail::Job* take(std::size_t worker) noexcept;
  [[nodiscard]] bool would_hold_all(std::uint64_t source, Time now) const noexcept;

  const std::size_t queue_limit_;
  const std::size_t per_source_;
  const std::chrono::milliseconds slow_;
  std::mutex mutex_;
  std::condition_variable wake_;
  sallyport::detail::Job* first_ = nullptr;
  sallyport::detail::Job* last_ = nullptr;
  std::size_t queued_ = 0;
  std::uint64_t turn_ = 0;  // of the job that was begun last
  bool stopping_ = false;
  std::vector<Running> running_;  // by worker
  std::vector<std::thread> threads_;
};

}  // namespace sallyport::base
