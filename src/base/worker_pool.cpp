// A bounded queue in front of a fixed number of threads.
#include "base/worker_pool.hpp"

#include <utility>

namespace sallyport::base {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_limit) : queue_limit_(queue_limit) {
  threads_.reserve(threads);
  for (std::size_t worker = 0; worker < threads; ++worker) threads_.emplace_back([this, worker] { work(worker); });
}

WorkerPool::~WorkerPool() {
  detail::Job* job = nullptr;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    job = std::exchange(first_, nullptr);
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  while (job) std::exchange(job, job->next)->finish();
}

bool WorkerPool::submit(detail::Job& job) noexcept {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queued_ == queue_limit_) return false;
    job.next = nullptr;
    (last_ ? last_->next : first_) = &job;
    last_ = &job;
    ++queued_;
  }
  wake_.notify_one();
  return true;
}

void WorkerPool::work(std::size_t worker) noexcept {
  for (;;) {
    detail::Job* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return first_ || stopping_; });
      if (!first_) return;
      job = first_;
      first_ = job->next;
      if (!first_) last_ = nullptr;
      --queued_;
    }
    job->run(worker);
  }
}

}  // namespace sallyport::base
