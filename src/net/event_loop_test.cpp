// What is done in the next turn, what is done on time, and tasks that belong to no request.
#include "net/event_loop.hpp"

#include <sallyport/sleep.hpp>

#include "base/worker_pool.hpp"
#include "net/background.hpp"
#include "support/loop_runner.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::net {
namespace {

using namespace std::chrono_literals;
using sallyport::testing::LoopRunner;

class Marks final : public Deferred, public Alarm {
 public:
  Marks(std::string& log, char mark) : log_(log), mark_(mark) {}
  void run_deferred() noexcept override {
    log_ += mark_;
    if (again) again->defer(*this);
  }
  void rang() noexcept override { log_ += mark_; }
  EventLoop* again = nullptr;

 private:
  std::string& log_;
  const char mark_;
};

TEST(EventLoopTest, DefersInOrderOnceAndNotWhatHasGone) {
  LoopRunner runner;
  std::string log;
  Marks a(log, 'a');
  Marks c(log, 'c');
  {
    Marks b(log, 'b');
    runner.loop().defer(a);
    runner.loop().defer(b);
    runner.loop().defer(c);
    runner.loop().defer(a);
    EXPECT_EQ(log, "");
  }
  runner.turn();
  EXPECT_EQ(log, "ac");
  runner.turn();
  EXPECT_EQ(log, "ac");
}

TEST(EventLoopTest, WhatDefersItselfLetsOthersThrough) {
  LoopRunner runner;
  std::string log;
  Marks a(log, 'a');
  Marks b(log, 'b');
  a.again = &runner.loop();
  runner.loop().defer(a);
  runner.loop().defer(b);
  runner.loop().context().run_one();
  EXPECT_EQ(log, "ab");
  runner.loop().context().run_one();
  EXPECT_EQ(log, "aba");
}

TEST(EventLoopTest, AlarmsRingInTheirOrderAndOnTime) {
  base::ManualClock clock;
  LoopRunner runner(clock);
  std::string log;
  Marks a(log, 'a');
  Marks b(log, 'b');
  Marks c(log, 'c');
  runner.loop().set(c, clock.now() + 30ms);
  runner.loop().set(a, clock.now() + 10ms);
  {
    Marks gone(log, 'x');
    runner.loop().set(gone, clock.now() + 5ms);
    runner.loop().set(b, clock.now() + 20ms);
  }
  clock.advance(9ms);
  runner.turn();
  EXPECT_EQ(log, "");
  clock.advance(1ms);
  runner.turn();
  EXPECT_EQ(log, "a");
  runner.loop().set(a, clock.now() + 15ms);  // again
  clock.advance(14ms);
  EventLoop::clear(c);
  clock.advance(50ms);
  runner.turn();
  EXPECT_EQ(log, "aba");
}

TEST(EventLoopTest, AnAlarmDoesNotWaitForTheTick) {
  const base::SystemClock clock;
  EventLoop loop(clock);
  std::string log;
  Marks a(log, 'a');
  Marks b(log, 'b');
  loop.set(b, clock.now() + 20ms);
  loop.set(a, clock.now() + 2ms);
  const auto end = clock.now() + 30s;
  while (log.size() < 2 && clock.now() < end) loop.context().run_one_for(30s);
  EXPECT_EQ(log, "ab");
}

TEST(EventLoopTest, WhatOutlivesTheLoopIsLetGo) {
  std::string log;
  Marks a(log, 'a');
  {
    LoopRunner runner;
    runner.loop().defer(a);
    runner.loop().set(a, runner.loop().clock.now() + 1s);
  }
  EXPECT_EQ(log, "");
}

// --- Tasks of nobody's request

struct Noted {
  explicit Noted(bool& the_gone) : gone(the_gone) {}
  Noted(const Noted&) = delete;
  Noted& operator=(const Noted&) = delete;
  ~Noted() { gone = true; }
  bool& gone;
};

TEST(BackgroundTest, RunsSleepsAndEnds) {
  base::ManualClock clock;
  LoopRunner runner(clock);
  std::string log;
  const auto work = [&]() -> Task<void> {
    log += 'a';
    co_await sleep_for(2s);
    log += 'b';
  };
  const Background running(runner.loop(), work());
  EXPECT_EQ(log, "") << "in the loop's next turn";
  runner.turn();
  EXPECT_EQ(log, "a");
  EXPECT_TRUE(running.running());
  clock.advance(3s);
  runner.turn();
  EXPECT_EQ(log, "ab");
  EXPECT_FALSE(running.running());
  EXPECT_FALSE(running.failure());
}

TEST(BackgroundTest, DestroyedWhereItWaits) {
  base::ManualClock clock;
  LoopRunner runner(clock);
  bool gone = false;
  const auto work = [&]() -> Task<void> {
    const Noted noted(gone);
    co_await sleep_for(2s);
    ADD_FAILURE() << "it went on";
  };
  { const Background never_begun(runner.loop(), work()); }
  EXPECT_FALSE(gone);
  Background running(runner.loop(), work());
  runner.turn();
  running = {};
  EXPECT_TRUE(gone);
  clock.advance(5s);
  runner.turn();
}

TEST(BackgroundTest, ItsOwnEnd) {
  LoopRunner runner;
  Background running;
  bool gone = false;
  const auto work = [&]() -> Task<void> {
    const Noted noted(gone);
    running = {};
    co_await sleep_for(1h);
  };
  running = Background(runner.loop(), work());
  runner.turn();
  EXPECT_TRUE(gone);
}

TEST(BackgroundTest, WhatIsThrownIsKept) {
  LoopRunner runner;
  const auto work = []() -> Task<void> {
    co_await sleep_for(0s);
    throw std::runtime_error("bad");
  };
  const Background running(runner.loop(), work());
  runner.turn();
  EXPECT_FALSE(running.running());
  EXPECT_THROW(std::rethrow_exception(running.failure()), std::runtime_error);
}

TEST(BackgroundTest, AWorkerIsWaitedForWithoutBlocking) {
  LoopRunner runner;
  base::WorkerPool pool(1, 10);
  std::promise<void> go;
  bool gone = false;
  std::string text = "in the frame";
  const auto work = [&]() -> Task<void> {
    const Noted noted(gone);
    const std::string in_frame = text;
    co_await sallyport::detail::Offload(pool, [&](std::size_t) {
      go.get_future().wait();
      return in_frame.size();
    });
    ADD_FAILURE() << "it went on";
  };
  Background running(runner.loop(), work());
  runner.turn();
  running = {};
  EXPECT_FALSE(gone);
  go.set_value();
  EXPECT_TRUE(runner.until([&] { return gone; }));
}

}  // namespace
}  // namespace sallyport::net
