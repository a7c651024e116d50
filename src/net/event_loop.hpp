// An event loop: one thread, its connections, their deadlines, and the jobs that come back to it.
#pragma once

#include "base/timing_wheel.hpp"
#include "net/asio.hpp"
#include "net/loop.hpp"
#include "net/operation_memory.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace sallyport::net {

/// What lives on a loop (a connection): told when the service stops.
class LoopMember {
 public:
  LoopMember(const LoopMember&) = delete;
  LoopMember& operator=(const LoopMember&) = delete;
  virtual void stop() noexcept = 0;
  /// The time to finish is over.
  virtual void cut() noexcept = 0;

 protected:
  LoopMember() = default;
  ~LoopMember() = default;

 private:
  friend class EventLoop;
  LoopMember* next_ = nullptr;
  LoopMember* previous_ = nullptr;
};

class EventLoop : public Loop {
 public:
  explicit EventLoop(const base::Clock& clock);
  /// What requests that were given up still waited for has come back by now, to nobody: their frames go here.
  ~EventLoop() { run_jobs(); }

  void post(sallyport::detail::Job& job) noexcept final;

  [[nodiscard]] asio::io_context& context() noexcept { return context_; }

  void join(LoopMember& member) noexcept;
  void leave(LoopMember& member) noexcept;
  [[nodiscard]] std::size_t members() const noexcept { return members_; }

  /// Runs until `finish`; on the loop's own thread.
  void run();
  /// Fires the deadlines that have come. Called by a timer four times a second, and by tests that move the clock.
  void tick() noexcept;
  /// Tells every connection to finish; from the loop's thread. `run` returns when the last one has gone.
  void stop_members() noexcept;
  void cut_members() noexcept;

 private:
  void tick_later();
  void run_jobs() noexcept;
  void leave_if_done();

  std::atomic<sallyport::detail::Job*> jobs_{nullptr};  // a stack: the newest first
  LoopMember* first_ = nullptr;
  std::size_t members_ = 0;
  bool stopping_ = false;
  OperationMemory tick_memory_;
  OperationMemory jobs_memory_;  // used by whoever finds jobs_ empty, one at a time
  asio::io_context context_;     // goes first: what it still holds are connections, which leave the loop
  LoopTimer timer_;
};

}  // namespace sallyport::net
