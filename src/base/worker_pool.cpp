// A bounded queue in front of a fixed number of threads, in which clients take turns.
#include "base/worker_pool.hpp"

#include <algorithm>
#include <utility>

namespace sallyport::base {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_limit, std::size_t per_source,
                       std::chrono::milliseconds slow)
    : queue_limit_(queue_limit), per_source_(per_source), slow_(slow), running_(threads) {
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

// A job's turn is the one after that of its client's last job, and no earlier than the one that the pool has come to.
bool WorkerPool::submit(detail::Job& job) noexcept {
  job.queued = {job.source(), 0};
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || queued_ == queue_limit_) return false;
    job.queued.turn = turn_;
    std::size_t own = 0;
    for (const Running& each : running_) {
      if (each.busy && each.source == job.queued.source) job.queued.turn = std::max(job.queued.turn, each.turn + 1);
    }
    for (const detail::Job* each = first_; each; each = each->next) {
      if (each->queued.source != job.queued.source) continue;
      ++own;
      job.queued.turn = std::max(job.queued.turn, each->queued.turn + 1);
    }
    if (own >= per_source_ && job.queued.source != 0) return false;
    job.next = nullptr;
    (last_ ? last_->next : first_) = &job;
    last_ = &job;
    ++queued_;
  }
  wake_.notify_one();
  return true;
}

// Whether all other workers do slow work of this client.
bool WorkerPool::would_hold_all(std::uint64_t source, Time now) const noexcept {
  std::size_t held = 0;
  bool is_slow = false;
  for (const Running& each : running_) {
    if (!each.busy || each.source != source) continue;
    ++held;
    is_slow = is_slow || now - each.since >= slow_;
  }
  return is_slow && source != 0 && held + 1 == running_.size();
}

// The job whose turn comes first, of those that were handed over first; null: there is none that may run now.
detail::Job* WorkerPool::take(std::size_t worker) noexcept {
  const Time now = std::chrono::steady_clock::now();
  detail::Job* best = nullptr;
  detail::Job* before_best = nullptr;
  detail::Job* before = nullptr;
  for (detail::Job* each = first_; each; before = std::exchange(each, each->next)) {
    if (best && each->queued.turn >= best->queued.turn) continue;
    if (would_hold_all(each->queued.source, now)) continue;
    best = each;
    before_best = before;
  }
  if (!best) return nullptr;
  (before_best ? before_best->next : first_) = best->next;
  if (last_ == best) last_ = before_best;
  --queued_;
  turn_ = std::max(turn_, best->queued.turn);
  running_[worker] = {true, best->queued.source, best->queued.turn, now};
  return best;
}

void WorkerPool::work(std::size_t worker) noexcept {
  for (;;) {
    detail::Job* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      running_[worker].busy = false;
      if (first_) wake_.notify_one();  // what had to leave a worker free may run now
      wake_.wait(lock, [&] { return stopping_ || (job = take(worker)) != nullptr; });
      if (!job) return;
    }
    job->run(worker);
  }
}

}  // namespace sallyport::base
