// Runs one io_context on one thread.
#include "net/event_loop.hpp"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace sallyport::net {

// One thread runs the context and touches its sockets; others only post to it. So the reactor needs no lock around a
// socket's operations, the queue of handlers does.
EventLoop::Sockets::Sockets() : context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO), timer(context), alarm_timer(context) {}

EventLoop::EventLoop(const base::Clock& the_clock) : Loop(the_clock), sockets_(std::make_unique<Sockets>()) {}

EventLoop::~EventLoop() { close(); }

void EventLoop::close() noexcept {
  if (!sockets_) return;
  run_jobs();
  cut_members();
  sockets_.reset();  // what it still holds are connections, which leave the loop
}

void EventLoop::defer(Deferred& deferred) noexcept {
  if (deferred.linked()) return;
  deferred_.push_back(deferred);
  if (!std::exchange(deferred_posted_, true))
    asio::post(sockets_->context, kept_in(deferred_memory_, [this] { run_deferred(); }));
}

void EventLoop::run_deferred() noexcept {
  deferred_posted_ = false;
  // What is deferred from here on waits for the next turn: sockets come in between.
  base::IntrusiveList<Deferred> now;
  now.append(deferred_);
  while (Deferred* const first = now.front()) {
    first->unlink();
    first->run_deferred();
  }
}

void EventLoop::set(Alarm& alarm, base::Clock::SteadyTime due) noexcept {
  alarm.unlink();
  alarm.due_ = due;
  Alarm* later = nullptr;
  for (Alarm* at = alarms_.back(); at && at->due_ > due; at = alarms_.before(*at)) later = at;  // most are the last
  if (later) {
    alarms_.insert_before(*later, alarm);
  } else {
    alarms_.push_back(alarm);
  }
  if (alarms_.front() == &alarm) wait_for_alarm();
}

void EventLoop::wait_for_alarm() noexcept {
  const Alarm* const first = alarms_.front();
  if (!first) return;
  const auto due = LoopTimer::clock_type::now() + (first->due_ - clock.now());
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
  for (Alarm* first = alarms_.front(); first && first->due_ <= now; first = alarms_.front()) {
    first->unlink();
    first->rang();
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
  joined_.push_front(member);
  ++members_;
}

void EventLoop::leave(LoopMember& member) noexcept {
  member.unlink();
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
  for (LoopMember* member = joined_.front(); member;) {
    LoopMember* const next = joined_.after(*member);  // a member that has nothing to finish leaves at once
    member->stop();
    member = next;
  }
  leave_if_done();
}

void EventLoop::cut_members() noexcept {
  while (LoopMember* const member = joined_.front()) {
    member->cut();
    if (joined_.front() == member) leave(*member);
  }
}

void EventLoop::leave_if_done() {
  if (stopping_ && members_ == 0 && sockets_) sockets_->context.stop();
}

}  // namespace sallyport::net
