// Runs a Task to its end on the calling thread, which stands in for the event loop.
#pragma once

#include <sallyport/job.hpp>
#include <sallyport/task.hpp>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace sallyport::test {

/// Takes finished jobs from any thread and goes on with their coroutines on the thread that pumps.
class TaskPump : public detail::TaskContext {
 public:
  void post(detail::Job& finished) noexcept override {
    const std::lock_guard lock(mutex_);
    finished.next = nullptr;
    (last_ ? last_->next : first_) = &finished;
    last_ = &finished;
    wake_.notify_one();  // under the lock: afterwards this object may be gone
  }
  void resume(detail::Job& finished) noexcept override { finished.waiter().resume(); }

  /// Waits for one finished job and goes on with its coroutine.
  void pump() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return first_ != nullptr; });
    detail::Job* const job = first_;
    first_ = job->next;
    if (!first_) last_ = nullptr;
    lock.unlock();
    job->finish();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  detail::Job* first_ = nullptr;
  detail::Job* last_ = nullptr;
};

/// What `task` answers, or throws what it throws.
template <class T>
T run_blocking(Task<T> task) {
  TaskPump pump;
  if (!task.start(pump)) {
    while (!task.done()) pump.pump();
  }
  return task.await_resume();
}

}  // namespace sallyport::test
