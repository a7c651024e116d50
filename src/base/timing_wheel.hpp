// A coarse timing wheel: arming, re-arming and disarming a deadline are a few pointer writes, whatever their number.
#pragma once

#include "base/clock.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sallyport::base {

/// Deadlines within one event loop. A deadline fires at the first `advance` at or after its time; the wheel turns in steps of
/// `step`, so it fires at most one step late.
class TimingWheel {
 public:
  using Time = Clock::SteadyTime;
  static constexpr std::chrono::milliseconds step{250};

  /// What has a deadline derives from this. Disarms itself when it goes.
  class Timer {
   public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    virtual void expired() noexcept = 0;

   protected:
    ~Timer() { unlink(); }

   private:
    friend class TimingWheel;
    void unlink() noexcept {
      if (!next_) return;
      previous_->next_ = next_;
      next_->previous_ = previous_;
      next_ = previous_ = nullptr;
    }
    Timer* next_ = nullptr;
    Timer* previous_ = nullptr;
    Time deadline_{};
  };

  explicit TimingWheel(Time now) : turned_to_(tick(now)) {
    for (Head& head : slots_) head.next_ = head.previous_ = &head;
  }

  void arm(Timer& timer, Time deadline) noexcept {
    timer.unlink();
    timer.deadline_ = deadline;
    // The first step that begins at the deadline or after it: a slot that is visited before its time is met again a turn later.
    const std::int64_t due = tick(deadline + step - std::chrono::nanoseconds(1));
    const std::int64_t at = due > turned_to_ ? due : turned_to_ + 1;
    insert(slots_[static_cast<std::size_t>(at) % slot_count], timer);
  }
  static void disarm(Timer& timer) noexcept { timer.unlink(); }

  /// Fires everything whose time has come.
  void advance(Time now) noexcept {
    const std::int64_t to = tick(now);
    // One turn visits every slot, however far the time has jumped.
    std::int64_t from = turned_to_ + 1;
    if (to - from >= static_cast<std::int64_t>(slot_count)) from = to - static_cast<std::int64_t>(slot_count) + 1;
    for (std::int64_t at = from; at <= to; ++at) {
      turned_to_ = at;
      fire(slots_[static_cast<std::size_t>(at) % slot_count], now);
    }
    turned_to_ = to > turned_to_ ? to : turned_to_;
  }

 private:
  struct Head final : Timer {
    void expired() noexcept override {}
  };
  static constexpr std::size_t slot_count = 256;  // 64 seconds; later deadlines are met again once a turn

  static std::int64_t tick(Time time) noexcept { return time.time_since_epoch() / step; }
  static void insert(Timer& before, Timer& timer) noexcept {
    timer.next_ = &before;
    timer.previous_ = before.previous_;
    before.previous_->next_ = &timer;
    before.previous_ = &timer;
  }
  void fire(Head& slot, Time now) noexcept {
    // Taken off the wheel first: an expired timer may arm itself or others again.
    Head due;
    due.next_ = due.previous_ = &due;
    for (Timer* timer = slot.next_; timer != &slot;) {
      Timer* const next = timer->next_;
      if (timer->deadline_ <= now) {
        timer->unlink();
        insert(due, *timer);
      }
      timer = next;
    }
    while (due.next_ != &due) {
      Timer* const timer = due.next_;
      timer->unlink();
      timer->expired();
    }
  }

  std::array<Head, slot_count> slots_;
  std::int64_t turned_to_;
};

}  // namespace sallyport::base
