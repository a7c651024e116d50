// A task that belongs to no request: it keeps a connection, or checks something regularly.
#pragma once

#include <sallyport/job.hpp>
#include <sallyport/task.hpp>

#include "net/event_loop.hpp"

#include <exception>
#include <memory>

namespace sallyport::net {

/// Runs `task` on `loop`, from its next turn on. The destructor ends it: the task is destroyed at its suspension point, and all its
/// destructors run. If a worker still runs a job of it, the task is destroyed when that job has come back; the destructor does not
/// block. Made and destroyed on the loop's thread, or while the loop does not run.
class Background {
 public:
  Background() noexcept = default;
  Background(EventLoop& loop, Task<void> task);
  Background(Background&& other) noexcept = default;
  Background& operator=(Background&& other) noexcept;
  ~Background();

  /// Whether a task is there that has not ended.
  [[nodiscard]] bool running() const noexcept;
  /// Another thread works for it, and will come back, whether or not time passes.
  [[nodiscard]] bool waits_for_job() const noexcept;
  /// What the task has thrown.
  [[nodiscard]] std::exception_ptr failure() const noexcept;

 private:
  class Run;
  void end() noexcept;

  std::shared_ptr<Run> run_;
};

}  // namespace sallyport::net
