// An event loop: one thread, its connections, their deadlines, and the jobs that come back to it.
#pragma once

#include "base/intrusive_list.hpp"
#include "base/timing_wheel.hpp"
#include "net/asio.hpp"
#include "net/loop.hpp"
#include "net/operation_memory.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace sallyport::net {

/// An object that belongs to a loop (a connection): these functions are called when the service stops.
class LoopMember : private base::Linked<LoopMember> {
 public:
  virtual void stop() noexcept = 0;
  /// The time to finish is over.
  virtual void cut() noexcept = 0;

 protected:
  LoopMember() = default;
  ~LoopMember() = default;

 private:
  friend class EventLoop;
  friend class base::IntrusiveList<LoopMember>;
};

/// Something to do in the loop's next turn. Not done when it is destroyed before.
class Deferred : private base::Linked<Deferred> {
 public:
  virtual void run_deferred() noexcept = 0;

 protected:
  Deferred() = default;
  ~Deferred() = default;

 private:
  friend class EventLoop;
  friend class base::IntrusiveList<Deferred>;
};

/// A deadline that is met to the millisecond, where a step of the wheel is too long. For few at a time: they are in one list, sorted by their
/// time.
class Alarm : private base::Linked<Alarm> {
 public:
  virtual void rang() noexcept = 0;

 protected:
  Alarm() = default;
  ~Alarm() = default;

 private:
  friend class EventLoop;
  friend class base::IntrusiveList<Alarm>;
  base::Clock::SteadyTime due_{};
};

class EventLoop : public Loop {
 public:
  explicit EventLoop(const base::Clock& clock);
  /// Destroys the frames of abandoned requests. The jobs that they waited for have come back by then.
  ~EventLoop();

  void post(sallyport::detail::Job& job) noexcept final;

  [[nodiscard]] asio::io_context& context() noexcept { return sockets_->context; }

  /// Has `deferred` run in the next turn; once, however often it is called until then. On the loop's thread, as all that follows.
  void defer(Deferred& deferred) noexcept;
  void set(Alarm& alarm, base::Clock::SteadyTime due) noexcept;
  static void clear(Alarm& alarm) noexcept { alarm.unlink(); }

  void join(LoopMember& member) noexcept;
  void leave(LoopMember& member) noexcept;
  [[nodiscard]] std::size_t members() const noexcept { return members_; }

  /// Runs until `finish`; on the loop's own thread.
  void run();
  /// Fires the deadlines that have come. Called by a timer four times a second, and by tests that move the clock.
  void tick() noexcept;
  /// Calls `stop` of every member; on the loop's thread. `run` returns when the last one has left.
  void stop_members() noexcept;
  void cut_members() noexcept;

 protected:
  /// Ends the connections, and what waits for the loop. For the destructor of a class whose members they use.
  void close() noexcept;

 private:
  void tick_later();
  void run_jobs() noexcept;
  void run_deferred() noexcept;
  void ring_alarms() noexcept;
  void wait_for_alarm() noexcept;
  void leave_if_done();

  std::atomic<sallyport::detail::Job*> jobs_{nullptr};  // a stack: the newest first
  base::IntrusiveList<LoopMember> joined_;              // the newest first
  std::size_t members_ = 0;
  bool stopping_ = false;
  base::IntrusiveList<Deferred> deferred_;
  bool deferred_posted_ = false;
  base::IntrusiveList<Alarm> alarms_;  // the next to ring first
  OperationMemory tick_memory_;
  OperationMemory jobs_memory_;  // used by the thread that finds jobs_ empty, one at a time
  OperationMemory deferred_memory_;
  OperationMemory alarm_memory_;
  struct Sockets {
    Sockets();
    asio::io_context context;
    LoopTimer timer;
    LoopTimer alarm_timer;
  };
  std::unique_ptr<Sockets> sockets_;  // none any more once the loop is closed
  bool alarm_awaited_ = false;
};

}  // namespace sallyport::net
