// A task that belongs to no request: a connection that is kept, a check now and then.
#pragma once

#include <sallyport/job.hpp>
#include <sallyport/task.hpp>

#include "net/event_loop.hpp"

#include <exception>
#include <memory>

namespace sallyport::net {

/// Runs `task` on `loop`, from its next turn on. Ends it when it goes: the task is destroyed where it waits, destructors and all; what a
/// worker still does for it is waited for first, without blocking. Made and destroyed on the loop's thread, or while the loop does not run.
class Background {
 public:
  Background() noexcept = default;
  Background(EventLoop& loop, Task<void> task);
  Background(Background&& other) noexcept = default;
  Background& operator=(Background&& other) noexcept;
  ~Background();

  /// Whether a task is there that has not ended.
  [[nodiscard]] bool running() const noexcept;
  /// What the task has thrown.
  [[nodiscard]] std::exception_ptr failure() const noexcept;

 private:
  class Run;
  void end() noexcept;

  std::shared_ptr<Run> run_;
};

}  // namespace sallyport::net
