// Runs one io_context on one thread.
#include "net/event_loop.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace sallyport::net {

// One thread runs the context and touches its sockets; others only post to it. So the reactor needs no lock around a
// socket's operations, the queue of handlers does.
EventLoop::Sockets::Sockets() : context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO), timer(context), alarm_timer(context) {}

EventLoop::EventLoop(const base::Clock& the_clock) : Loop(the_clock) { sockets_.emplace(); }

EventLoop::~EventLoop() { close(); }

void EventLoop::close() noexcept {
  if (!sockets_) return;
  run_jobs();
  cut_members();
  sockets_.reset();  // what it still holds are connections, which leave the loop
  // Objects that outlive the loop must not unlink themselves from its lists afterwards.
  while (deferred_.next_ != &deferred_) deferred_.next_->unlink();
  while (alarms_.next_ != &alarms_) alarms_.next_->unlink();
}

void Deferred::unlink() noexcept {
  if (!next_) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  next_ = previous_ = nullptr;
}

void Deferred::insert_before(Deferred& other) noexcept {
  next_ = &other;
  previous_ = other.previous_;
  other.previous_->next_ = this;
  other.previous_ = this;
}

void EventLoop::defer(Deferred& deferred) noexcept {
  if (deferred.next_) return;
  deferred.insert_before(deferred_);
  if (!std::exchange(deferred_posted_, true))
    asio::post(sockets_->context, kept_in(deferred_memory_, [this] { run_deferred(); }));
}

void EventLoop::run_deferred() noexcept {
  deferred_posted_ = false;
  // What is deferred from here on waits for the next turn: sockets come in between.
  DeferredList now;
  while (deferred_.next_ != &deferred_) {
    Deferred& first = *deferred_.next_;
    first.unlink();
    first.insert_before(now);
  }
  while (now.next_ != &now) {
    Deferred& first = *now.next_;
    first.unlink();
    first.run_deferred();
  }
}

void Alarm::unlink() noexcept {
  if (!next_) return;
  previous_->next_ = next_;
  next_->previous_ = previous_;
  next_ = previous_ = nullptr;
}

void EventLoop::set(Alarm& alarm, base::Clock::SteadyTime due) noexcept {
  alarm.unlink();
  alarm.due_ = due;
  Alarm* after = alarms_.previous_;  // most are the last
  while (after != &alarms_ && after->due_ > due) after = after->previous_;
  alarm.previous_ = after;
  alarm.next_ = after->next_;
  after->next_->previous_ = &alarm;
  after->next_ = &alarm;
  if (alarms_.next_ == &alarm) wait_for_alarm();
}

void EventLoop::wait_for_alarm() noexcept {
  if (alarms_.next_ == &alarms_) return;
  const auto due = LoopTimer::clock_type::now() + (alarms_.next_->due_ - clock.now());
  // An earlier wait than needed is not changed: it checks again when it ends.
  if (alarm_awaited_ && sockets_->alarm_timer.expiry() <= due) return;
  try {
    sockets_->alarm_timer.expires_at(std::chrono::time_point_cast<LoopTimer::duration>(due));
    sockets_->alarm_timer.async_wait(kept_in(alarm_memory_, [this](error_code error) {
      if (error) return;
      alarm_awaited_ = false;
      ring_alarms();
    }));
    alarm_awaited_ = true;
  } catch (...) {
    alarm_awaited_ = false;  // no memory: the alarm rings with the next tick
  }
}

void EventLoop::ring_alarms() noexcept {
  const auto now = clock.now();
  while (alarms_.next_ != &alarms_ && alarms_.next_->due_ <= now) {
    Alarm& alarm = *alarms_.next_;
    alarm.unlink();
    alarm.rang();
  }
  wait_for_alarm();
}

void EventLoop::post(sallyport::detail::Job& job) noexcept {
  sallyport::detail::Job* head = jobs_.load(std::memory_order_relaxed);
  do {
    job.next = head;
  } while (!jobs_.compare_exchange_weak(head, &job, std::memory_order_acq_rel, std::memory_order_relaxed));
  // The thread that finds the stack empty wakes the loop; later jobs are run by the same wake-up.
  if (!head) asio::post(sockets_->context, kept_in(jobs_memory_, [this] { run_jobs(); }));
}

void EventLoop::run_jobs() noexcept {
  sallyport::detail::Job* newest = jobs_.exchange(nullptr, std::memory_order_acq_rel);
  sallyport::detail::Job* oldest = nullptr;
  while (newest) {
    sallyport::detail::Job* const next = std::exchange(newest->next, oldest);
    oldest = std::exchange(newest, next);
  }
  while (oldest) {
    sallyport::detail::Job* const next = oldest->next;  // read first: finish() may end the job's life
    oldest->finish();
    oldest = next;
  }
}

void EventLoop::join(LoopMember& member) noexcept {
  member.next_ = first_;
  if (first_) first_->previous_ = &member;
  first_ = &member;
  ++members_;
}

void EventLoop::leave(LoopMember& member) noexcept {
  (member.previous_ ? member.previous_->next_ : first_) = member.next_;
  if (member.next_) member.next_->previous_ = member.previous_;
  member.next_ = member.previous_ = nullptr;
  --members_;
  leave_if_done();
}

void EventLoop::tick() noexcept {
  wheel.advance(clock.now());
  ring_alarms();
}

void EventLoop::tick_later() {
  sockets_->timer.expires_after(base::TimingWheel::step);
  sockets_->timer.async_wait(kept_in(tick_memory_, [this](error_code error) {
    if (error) return;
    lag = LoopTimer::clock_type::now() - sockets_->timer.expiry();
    tick();
    tick_later();
  }));
}

void EventLoop::run() {
  tick_later();
  sockets_->context.run();
}

void EventLoop::stop_members() noexcept {
  stopping_ = true;
  for (LoopMember* member = first_; member;) {
    LoopMember* const next = member->next_;  // a member that has nothing to finish leaves at once
    member->stop();
    member = next;
  }
  leave_if_done();
}

void EventLoop::cut_members() noexcept {
  while (first_) {
    LoopMember& member = *first_;
    member.cut();
    if (first_ == &member) leave(member);
  }
}

void EventLoop::leave_if_done() {
  if (stopping_ && members_ == 0 && sockets_) sockets_->context.stop();
}

}  // namespace sallyport::net
