// Runs a task without a request: takes the role that the exchange has for a request's task.
#include "net/background.hpp"

#include <algorithm>
#include <chrono>
#include <coroutine>
#include <utility>

namespace sallyport::net {

class Background::Run final : public sallyport::detail::TaskContext,
                              private Deferred,
                              private base::TimingWheel::Timer {
 public:
  Run(EventLoop& loop, sallyport::detail::OwnedTask<void>&& task) : loop_(loop), task_(std::move(task)) {}

  void start(std::shared_ptr<Run> self) noexcept {
    self_ = std::move(self);
    loop_.defer(*this);
  }
  void abandon() noexcept {
    abandoned_ = true;
    if (!job_away()) drop();
  }
  [[nodiscard]] bool running() const noexcept { return static_cast<bool>(task_); }
  [[nodiscard]] bool waits_for_job() const noexcept { return job_away(); }

  void post(sallyport::detail::Job& finished) noexcept override { loop_.post(finished); }
  void resume(sallyport::detail::Job& finished) noexcept override {
    job_is_back();
    if (abandoned_) return drop();
    go_on(finished.waiter());
  }
  void wake_after(std::chrono::nanoseconds time, std::coroutine_handle<> waiter) noexcept override {
    sleeper_ = waiter;
    loop_.wheel.arm(*this, loop_.clock.now() + std::min<std::chrono::nanoseconds>(time, std::chrono::hours(24 * 365)));
  }

  std::exception_ptr failure;

 private:
  void run_deferred() noexcept override {
    run_task([this] { task_.start(*this); });
  }
  void expired() noexcept override { go_on(std::exchange(sleeper_, nullptr)); }
  void go_on(std::coroutine_handle<> waiter) noexcept {
    run_task([waiter] { waiter.resume(); });
  }

  template <class Step>
  void run_task(Step step) noexcept {
    const std::shared_ptr<Run> keep = self_;  // the task may have its own owner destroyed
    running_ = true;
    step();
    running_ = false;
    if (abandoned_) return drop();
    if (task_.done()) over();
  }
  void over() noexcept {
    const std::shared_ptr<Run> keep = std::move(self_);
    try {
      task_.await_resume();
    } catch (...) {
      failure = std::current_exception();
    }
    task_.reset();
  }
  void drop() noexcept {
    if (running_ || job_away()) return;  // from within the task: when it waits or ends
    const std::shared_ptr<Run> keep = std::move(self_);
    base::TimingWheel::disarm(*this);
    task_.reset();
  }

  EventLoop& loop_;
  sallyport::detail::OwnedTask<void> task_;
  std::shared_ptr<Run> self_;
  std::coroutine_handle<> sleeper_;
  bool abandoned_ = false;
  bool running_ = false;
};

Background::Background(EventLoop& loop, Task<void> task)
    : run_(std::make_shared<Run>(loop, sallyport::detail::OwnedTask<void>(task))) {
  run_->start(run_);
}

Background& Background::operator=(Background&& other) noexcept {
  if (this != &other) {
    end();
    run_ = std::move(other.run_);
  }
  return *this;
}

Background::~Background() { end(); }

void Background::end() noexcept {
  const std::shared_ptr<Run> run = std::move(run_);
  if (run) run->abandon();
}

bool Background::running() const noexcept { return run_ && run_->running(); }

bool Background::waits_for_job() const noexcept { return run_ && run_->waits_for_job(); }

std::exception_ptr Background::failure() const noexcept { return run_ ? run_->failure : nullptr; }

}  // namespace sallyport::net
