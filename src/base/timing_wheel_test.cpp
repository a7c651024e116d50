// The wheel fires what has come, once, and nothing else, however time moves.
#include "base/timing_wheel.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace sallyport::base {
namespace {

using namespace std::chrono_literals;
using Time = TimingWheel::Time;

struct CountingTimer final : TimingWheel::Timer {
  void expired() noexcept override { ++fired; }
  int fired = 0;
};

constexpr Time start{std::chrono::hours(100)};

TEST(TimingWheel, FiresAtItsTimeAndNotBefore) {
  TimingWheel wheel(start);
  CountingTimer timer;
  wheel.arm(timer, start + 10s);
  wheel.advance(start + 10s - 1ns);
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(start + 10s + TimingWheel::step);
  EXPECT_EQ(timer.fired, 1);
  wheel.advance(start + 100s);
  EXPECT_EQ(timer.fired, 1);
}

// The steps of the one who turns it and those of the deadlines need not meet.
TEST(TimingWheel, AtMostOneStepLateInEveryPhase) {
  for (std::chrono::milliseconds began = 0ms; began < TimingWheel::step; began += 10ms) {
    for (std::chrono::milliseconds lasts = 1000ms; lasts < 1000ms + TimingWheel::step; lasts += 10ms) {
      TimingWheel wheel(start);
      CountingTimer timer;
      const Time deadline = start + began + lasts;
      wheel.arm(timer, deadline);
      Time now = start + began / 2;
      while (now < deadline) {
        wheel.advance(now);
        EXPECT_EQ(timer.fired, 0);
        now += TimingWheel::step;
      }
      wheel.advance(now);
      if (timer.fired == 0) wheel.advance(now + TimingWheel::step);
      ASSERT_EQ(timer.fired, 1) << began.count() << " " << lasts.count();
    }
  }
}

TEST(TimingWheel, RearmingMovesTheDeadline) {
  TimingWheel wheel(start);
  CountingTimer timer;
  for (int i = 0; i < 50; ++i) {
    wheel.arm(timer, start + i * 1s + 2s);
    wheel.advance(start + i * 1s);
  }
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(start + 60s);
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimingWheel, DisarmedAndDestroyedTimersDoNotFire) {
  TimingWheel wheel(start);
  CountingTimer timer;
  wheel.arm(timer, start + 1s);
  TimingWheel::disarm(timer);
  {
    CountingTimer gone;
    wheel.arm(gone, start + 1s);
  }
  wheel.advance(start + 5s);
  EXPECT_EQ(timer.fired, 0);
}

TEST(TimingWheel, DeadlinesBeyondOneTurn) {
  TimingWheel wheel(start);
  CountingTimer timer;
  wheel.arm(timer, start + 200s);
  for (int second = 1; second < 200; ++second) wheel.advance(start + second * 1s);
  EXPECT_EQ(timer.fired, 0);
  wheel.advance(start + 201s);
  EXPECT_EQ(timer.fired, 1);
}

// Turned at every step, a deadline fires at the first that begins at it or after it, not one later.
TEST(TimingWheel, FiresAtTheFirstStepFromItsTimeOn) {
  for (const auto offset : {-2ns, -1ns, 0ns, 1ns, 2ns}) {
    for (const auto after : {500ms, 750ms, 20'000ms}) {
      TimingWheel wheel(start);
      CountingTimer timer;
      const Time deadline = start + after + offset;
      wheel.arm(timer, deadline);
      Time now = start;
      while (now < deadline) {
        wheel.advance(now);
        ASSERT_EQ(timer.fired, 0);
        now += TimingWheel::step;
      }
      wheel.advance(now);
      EXPECT_EQ(timer.fired, 1) << offset.count() << " " << after.count();
    }
  }
}

TEST(TimingWheel, AtMostAQuarterOfASecondLate) {
  for (int phase = 1; phase <= 260; ++phase) {
    TimingWheel wheel(start);
    CountingTimer timer;
    const Time deadline = start + phase * 1ms + 1ns;
    wheel.arm(timer, deadline);
    Time now = deadline;
    while (timer.fired == 0 && now <= deadline + 300ms) wheel.advance(now += 1ms);
    EXPECT_LE(now - deadline, 250ms) << phase;
  }
}

TEST(TimingWheel, ALeapOfOneTurnMissesNoStep) {
  for (const int steps : {255, 256, 257, 1000}) {
    TimingWheel wheel(start);
    std::vector<std::unique_ptr<CountingTimer>> timers;
    for (int i = 1; i <= steps; ++i) {
      timers.push_back(std::make_unique<CountingTimer>());
      wheel.arm(*timers.back(), start + i * 250ms);
    }
    wheel.advance(start + steps * 250ms);
    for (const auto& timer : timers) ASSERT_EQ(timer->fired, 1) << steps;
  }
}

TEST(TimingWheel, ADeadlineThatIsNowFiresAtTheNextTurn) {
  TimingWheel wheel(start);
  CountingTimer timer;
  wheel.arm(timer, start);
  wheel.advance(start + TimingWheel::step);
  EXPECT_EQ(timer.fired, 1);
}

TEST(TimingWheel, ALeapFiresEverythingThatHasCome) {
  TimingWheel wheel(start);
  std::vector<std::unique_ptr<CountingTimer>> timers;
  for (int i = 0; i < 500; ++i) {
    timers.push_back(std::make_unique<CountingTimer>());
    wheel.arm(*timers.back(), start + i * 1s);
  }
  wheel.advance(start + std::chrono::hours(1));
  for (const auto& timer : timers) EXPECT_EQ(timer->fired, 1);
}

TEST(TimingWheel, ADeadlineInThePastFiresAtTheNextTurn) {
  TimingWheel wheel(start);
  CountingTimer timer;
  wheel.arm(timer, start - 10s);
  wheel.advance(start + TimingWheel::step);
  EXPECT_EQ(timer.fired, 1);
}

struct Rearming final : TimingWheel::Timer {
  explicit Rearming(TimingWheel& the_wheel) : wheel(the_wheel) {}
  void expired() noexcept override {
    ++fired;
    wheel.arm(*this, next);
  }
  TimingWheel& wheel;
  Time next{};
  int fired = 0;
};

TEST(TimingWheel, AnExpiredTimerMayArmItselfAgain) {
  TimingWheel wheel(start);
  Rearming timer(wheel);
  timer.next = start + 20s;
  wheel.arm(timer, start + 10s);
  wheel.advance(start + 11s);
  EXPECT_EQ(timer.fired, 1);
  timer.next = start + 1000s;
  wheel.advance(start + 21s);
  EXPECT_EQ(timer.fired, 2);
}

}  // namespace
}  // namespace sallyport::base
