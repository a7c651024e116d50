// A bounded pool of threads for work that would block an event loop: SQLite, Argon2.
#pragma once

#include <sallyport/job.hpp>

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace sallyport::base {

class WorkerPool final : public sallyport::detail::JobQueue {
 public:
  /// `threads` workers and at most `queue_limit` jobs that wait for one; more are refused.
  WorkerPool(std::size_t threads, std::size_t queue_limit);
  /// Call when the event loops have ended and no coroutine waits for results: waits for the jobs that run, and gives those
  /// that no worker has begun back as they are.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  [[nodiscard]] bool submit(sallyport::detail::Job& job) noexcept override;

 private:
  void work(std::size_t worker) noexcept;

  const std::size_t queue_limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  sallyport::detail::Job* first_ = nullptr;
  sallyport::detail::Job* last_ = nullptr;
  std::size_t queued_ = 0;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace sallyport::base
