// Work that another thread does while a coroutine waits: the interface between a task, an event loop and a worker pool.
#pragma once

#include <sallyport/detail/compiler.hpp>

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace sallyport {

/// Thrown inside a handler when a bounded queue (database, password hashing) is full. The kernel answers 503 with
/// `Retry-After`; there is no need to catch it.
class Overloaded final : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "a bounded queue is full"; }
};

namespace detail {

class Job;
class RequestSecrets;

struct EndSecrets {
  void operator()(RequestSecrets* secrets) const noexcept;
};

/// What a request's code did that the compiler could not forbid. Both texts are literals of a program.
struct Misused {
  const char* what = nullptr;  ///< null: nothing
  std::string_view detail;
  bool ends_request = true;  ///< or is answered for in development only
};

/// A number that no other call has got. Threads take them by the block.
[[nodiscard]] std::uint64_t next_lease() noexcept;

/// One request's chain of coroutines: knows its event loop, and whether its result is still needed.
class TaskContext {
 public:
  /// Called on a worker's thread: have `resume(job)` called on the event loop's thread. Never fails, never blocks.
  virtual void post(Job& finished) noexcept = 0;
  /// Called on the event loop's thread: go on with the coroutine that waited for `finished`, or, when the request has
  /// been given up, destroy the chain.
  virtual void resume(Job& finished) noexcept = 0;
  /// Called on the event loop's thread: go on with `waiter` once `time` has passed; at once where no event loop keeps time.
  virtual void wake_after(std::chrono::nanoseconds, std::coroutine_handle<> waiter) noexcept { waiter.resume(); }

  /// Whose work it is, so that queues are fair between clients: equal numbers are one client. 0: nobody's.
  [[nodiscard]] virtual std::uint64_t source() const noexcept { return 0; }

  /// Ends the request with 500 once its code has come to its end, whatever that code answers. The first one counts.
  void note_misuse(Misused misused) noexcept {
    if (over_) return;
    if (!misused_.what || (misused.ends_request && !misused_.ends_request)) misused_ = misused;
  }
  [[nodiscard]] const Misused& misused() const noexcept { return misused_; }
  /// A statement of the request's code failed, and its error was thrown. Whoever reads what kind it is, or logs it, has looked at it.
  void note_failed_statement(std::string_view text) noexcept {
    ++passed_over_.failures;
    passed_over_.failed = text;
  }
  void failure_looked_at(std::string_view text) noexcept {
    if (passed_over_.failures > 0) --passed_over_.failures;
    if (passed_over_.failures == 0 || passed_over_.failed.data() == text.data()) passed_over_.failed = {};
  }
  /// A statement changed no row, and nobody looked at the number.
  void note_unchanged(std::string_view text) noexcept {
    if (passed_over_.unchanged.empty()) passed_over_.unchanged = text;
  }

  /// What the request's code passed over, so that its answer looks like a success.
  struct PassedOver {
    std::uint32_t failures = 0;  ///< statements whose error nobody has looked at
    std::string_view failed;     ///< the text of one of them, where it is known
    std::string_view unchanged;  ///< of the first statement that changed nothing; empty: none
  };
  [[nodiscard]] const PassedOver& passed_over() const noexcept { return passed_over_; }
  /// What a transaction that is taken back passed over has not happened.
  void passed_over(const PassedOver& before) noexcept { passed_over_ = before; }
  /// What its code has taken out of secrets, so that it can be looked for where it must not go; null: nothing.
  [[nodiscard]] RequestSecrets* secrets() const noexcept { return secrets_.get(); }
  /// The same, made when it is first asked for.
  [[nodiscard]] RequestSecrets& taken_secrets();
  [[nodiscard]] bool only_reads() const noexcept { return only_reads_; }
  /// Nobody waits for its code any more: it is destroyed where it stands.
  [[nodiscard]] bool over() const noexcept { return over_; }
  /// Tells this request from every other one of the process.
  [[nodiscard]] std::uint64_t lease() const noexcept { return lease_; }

 protected:
  ~TaskContext() = default;
  /// Another request begins: what was handed to the code of the last one ends.
  void begin_request() noexcept {
    misused_ = {};
    passed_over_ = {};
    secrets_.reset();
    only_reads_ = over_ = false;
    lease_ = next_lease();
  }
  /// What its destructors find unused from now on is no misuse.
  void end_code() noexcept { over_ = true; }
  /// The code that runs answers GET or HEAD: a change of the database is refused, however the code came to its `Db`.
  void only_reads(bool yes) noexcept { only_reads_ = yes; }
  /// A job on another thread points into the chain's frames: they must stay until it has come back.
  [[nodiscard]] bool job_away() const noexcept { return job_away_; }
  void job_is_back() noexcept { job_away_ = false; }

 private:
  friend class Job;
  bool job_away_ = false;
  bool only_reads_ = false;
  bool over_ = false;
  std::uint64_t lease_ = next_lease();
  Misused misused_;
  PassedOver passed_over_;
  std::unique_ptr<RequestSecrets, EndSecrets> secrets_;
};

/// The request whose code runs on this thread; null outside of one.
inline constinit thread_local TaskContext* current_context = nullptr;

/// This thread does blocking work, while the request's own thread serves others.
inline constinit thread_local bool on_worker = false;

/// Sets it for a scope.
class Running {
 public:
  explicit Running(TaskContext* context) noexcept : outer_(std::exchange(current_context, context)) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { current_context = outer_; }

 private:
  TaskContext* outer_;
};

/// A piece of blocking work. It lives in the frame of the coroutine that waits for it; queues link it and do not own
/// it.
class Job {
 public:
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  /// Does the work, on the thread of worker number `worker` (0 …). Exceptions are stored, not thrown: see `perform`.
  void run(std::size_t worker) noexcept {
    try {
      const Running running(context_);  // which waits meanwhile
      on_worker = true;
      perform(worker);
    } catch (...) {
      failure_ = std::current_exception();
    }
    on_worker = false;
    context_->post(*this);  // the last use of `this` on this thread
  }

  /// Goes on with the coroutine (or gives it up); on the event loop's thread.
  virtual void finish() noexcept { context_->resume(*this); }

  [[nodiscard]] std::coroutine_handle<> waiter() const noexcept { return waiter_; }
  /// Whose work it is. On the thread that has made it.
  [[nodiscard]] std::uint64_t source() const noexcept { return context_ ? context_->source() : 0; }

  Job* next = nullptr;  ///< The queue's link: the pool's first, the event loop's afterwards.
  struct {
    std::uint64_t source = 0;
    std::uint64_t turn = 0;
  } queued;  ///< by a pool, which is fair

 protected:
  Job() = default;
  ~Job() = default;

  virtual void perform(std::size_t worker) = 0;

  void waits(std::coroutine_handle<> waiter, TaskContext& context) noexcept {
    set_waiter(waiter, context);
    context.job_away_ = true;
  }
  void set_waiter(std::coroutine_handle<> waiter, TaskContext& context) noexcept {
    waiter_ = waiter;
    context_ = &context;
  }
  /// After `waits`, when no queue has taken the job.
  void not_taken() noexcept { context_->job_away_ = false; }
  [[nodiscard]] bool failed() const noexcept { return failure_ != nullptr; }
  void rethrow_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::coroutine_handle<> waiter_;
  TaskContext* context_ = nullptr;
  std::exception_ptr failure_;
};

/// A wait on the event loop's own thread: no other thread points into the frame, so it may be destroyed at any time. `finish` goes on
/// with the coroutine.
class Wait : public Job {
 protected:
  Wait() = default;
  ~Wait() = default;
  void waits_here(std::coroutine_handle<> waiter, TaskContext& context) noexcept { set_waiter(waiter, context); }

 private:
  void perform(std::size_t) final {}
};

/// Where jobs are handed over.
class JobQueue {
 public:
  /// False when the queue is full: the job was not taken.
  [[nodiscard]] virtual bool submit(Job& job) noexcept = 0;

 protected:
  ~JobQueue() = default;
};

/// `co_await Offload(queue, [&](std::size_t worker) { return blocking(); })`: runs the callable on a worker and resumes with its
/// result on the event loop. Throws `Overloaded` when the queue is full, else what the callable threw.
template <class F>
class [[nodiscard]] Offload final : public Job {
  using Result = decltype(std::declval<F&>()(std::size_t{}));

 public:
  Offload(JobQueue& queue, F work) : queue_(queue), work_(std::move(work)) {}

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiter) noexcept {
    waits(waiter, *waiter.promise().context);
    const bool taken = queue_.submit(*this);
    if (!taken) {  // no other thread has `this`, so these writes are safe
      not_taken();
      refused_ = true;
    }
    return taken;
  }
  Result await_resume() {
    if (refused_) throw Overloaded();
    rethrow_failure();
    return std::move(*result_);
  }

 private:
  void perform(std::size_t worker) override { result_.emplace(work_(worker)); }

  JobQueue& queue_;
  F work_;
  std::optional<Result> result_;
  bool refused_ = false;
};

}  // namespace detail
}  // namespace sallyport
