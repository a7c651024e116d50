// What the tests of this folder share: a directory that goes away, and an event loop on the test's own thread.
#pragma once

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <sallyport/task.hpp>

#include "data/database.hpp"
#include "data/migrate.hpp"

#include "support/temporary_folder.hpp"

namespace sallyport::data {

using TemporaryDirectory = sallyport::testing::TemporaryFolder;

/// Resumes coroutines on the thread that calls `run`, as an event loop does.
class TestLoop final : public detail::TaskContext {
 public:
  void post(detail::Job& job) noexcept override {
    const std::lock_guard lock(mutex_);
    job.next = nullptr;
    (last_ ? last_->next : first_) = &job;
    last_ = &job;
    wake_.notify_one();
  }
  void resume(detail::Job& job) noexcept override { job.waiter().resume(); }

  template <class T>
  T run(Task<T> task) {
    if (!task.start(*this)) {
      while (!task.done()) step();
    }
    return task.await_resume();
  }
  /// Starts all of them, then resumes them as their answers come.
  template <class T>
  void run_all(std::vector<Task<T>>& tasks) {
    for (auto& task : tasks) task.start(*this);
    for (auto& task : tasks) {
      while (!task.done()) step();
    }
  }
  /// Waits for one answer and goes on with the coroutine that waits for it.
  void step() { next().finish(); }

 private:
  detail::Job& next() {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return first_ != nullptr; });
    detail::Job& job = *first_;
    first_ = job.next;
    if (!first_) last_ = nullptr;
    return job;
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  detail::Job* first_ = nullptr;
  detail::Job* last_ = nullptr;
};

}  // namespace sallyport::data
