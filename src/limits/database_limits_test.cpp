// Attempts counted in a database: the same decisions as counted in memory, kept over restarts, shared, and few writes for many attempts.
#include "limits/database_limits.hpp"

#include "identity/tables.hpp"
#include "identity/test_support.hpp"
#include "limits/local_limits.hpp"
#include "support/loop_runner.hpp"
#include "support/run_task.hpp"

#include <sallyport/detail/own_tables.hpp>

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace sallyport::limits {
namespace {

using detail::operator""_own;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t hour = 3600 * second;
constexpr std::int64_t period = 900 * second;

Charge failures_of(std::uint64_t key, std::uint32_t limit = 5) { return {key, Counting::failures, limit, period, 1}; }

class DatabaseLimitsTest : public ::testing::Test {
 protected:
  void restart(std::int64_t rows_at_most = DatabaseLimits::most_rows) {
    // What nobody waits for stands in the writer's queue, which ends before its object does in a service.
    for (int i = 0; i < 2; ++i) tables_.database.run_blocking([](Transaction&) {});
    limits_ = std::make_unique<DatabaseLimits>(
        tables_.database.own_engine(), tables_.clock,
        [this](bool up, std::string_view why) { said_.push_back(up ? "up" : std::string(why)); }, rows_at_most);
  }
  void SetUp() override { restart(); }

  Decision charge(std::vector<Charge> charges) {
    return test::run_blocking(limits_->charge(runner_.loop(), charges, &counted_at_));
  }
  Quota one(const Charge& with) { return charge({with}).quotas[0]; }
  void give_back(const Charge& with) { limits_->give_back(runner_.loop(), {&with, 1}, counted_at_); }
  void forget(const Charge& with) { limits_->forget(runner_.loop(), with); }
  void pass(std::int64_t ns) { tables_.clock.advance(std::chrono::nanoseconds(ns)); }
  int admitted(const Charge& with) {
    int count = 0;
    while (count < 50 && one(with).admitted) ++count;
    return count;
  }
  std::int64_t rows() { return tables_.number("SELECT count(*) FROM sallyport_attempts"_own); }

  identity::TestDatabase tables_;
  testing::LoopRunner runner_;
  std::vector<std::string> said_;
  std::unique_ptr<DatabaseLimits> limits_;
  std::int64_t counted_at_ = 0;
};

TEST_F(DatabaseLimitsTest, FiveFailuresShutAKeyLongerEachTime) {
  for (const std::int64_t delay : {period, 2 * period, hour, hour}) {
    EXPECT_EQ(admitted(failures_of(1)), 5);
    EXPECT_EQ(one(failures_of(1)).retry_after_ns, delay);
    pass(delay - 1);
    EXPECT_FALSE(one(failures_of(1)).admitted);
    pass(1);
  }
  pass(25 * hour);
  EXPECT_EQ(admitted(failures_of(1)), 5);
  EXPECT_EQ(one(failures_of(1)).retry_after_ns, period) << "a day without: the level is forgotten";
}

TEST_F(DatabaseLimitsTest, AWindowIsOverWhenItsPeriodIs) {
  const Charge two{7, Counting::fixed_window, 2, 60 * second, 1};
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(admitted(two), 2);
    EXPECT_EQ(one(two).retry_after_ns, 60 * second) << "no longer each time";
    pass(60 * second);
  }
}

TEST_F(DatabaseLimitsTest, AllOrNothing) {
  const Charge source{1, Counting::fixed_window, 2, period, 1};
  EXPECT_EQ(admitted(failures_of(2, 1)), 1);
  const Decision refused = charge({source, failures_of(2, 1)});
  EXPECT_FALSE(refused.admitted);
  EXPECT_TRUE(refused.quotas[0].admitted);
  EXPECT_EQ(refused.quotas[0].remaining, 2U);
  EXPECT_FALSE(refused.quotas[1].admitted);
  EXPECT_EQ(admitted(source), 2);
}

TEST_F(DatabaseLimitsTest, ARestartForgivesNothing) {
  EXPECT_EQ(admitted(failures_of(1)), 5);
  EXPECT_TRUE(one(failures_of(2)).admitted);
  restart();
  EXPECT_FALSE(one(failures_of(1)).admitted);
  EXPECT_EQ(one(failures_of(2)).remaining, 3U);
}

TEST_F(DatabaseLimitsTest, ProcessesShareWhatTheyCount) {
  data::Database again(tables_.options);
  DatabaseLimits other(again.own_engine(), tables_.clock);
  int count = 0;
  for (int i = 0; i < 10; ++i) {
    const Charge with = failures_of(1);
    DatabaseLimits& turn = i % 2 == 0 ? *limits_ : other;
    if (test::run_blocking(turn.charge(runner_.loop(), {&with, 1})).admitted) ++count;
  }
  EXPECT_EQ(count, 5);
}

TEST_F(DatabaseLimitsTest, SuccessIsGivenBackAndForgotten) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(one(failures_of(1)).admitted) << i;
    give_back(failures_of(1));
  }
  EXPECT_EQ(admitted(failures_of(1)), 5);
  forget(failures_of(1));
  EXPECT_EQ(admitted(failures_of(1)), 5);
  EXPECT_EQ(one(failures_of(1)).retry_after_ns, period) << "the level as well";
}

TEST_F(DatabaseLimitsTest, WhatSaysNothingIsNotKept) {
  EXPECT_TRUE(one(failures_of(1)).admitted);
  EXPECT_EQ(rows(), 1);
  forget(failures_of(1));
  EXPECT_TRUE(one(failures_of(2)).admitted);  // behind it
  EXPECT_EQ(rows(), 1);
  for (std::uint64_t key = 10; key < 40; ++key) EXPECT_TRUE(one(failures_of(key)).admitted);
  EXPECT_EQ(rows(), 31);
  pass(period);
  for (std::uint64_t key = 50; key < 53; ++key) EXPECT_TRUE(one(failures_of(key)).admitted);
  EXPECT_EQ(rows(), 3);
}

// A clock that was set back keeps nobody out for longer than the rule does.
TEST_F(DatabaseLimitsTest, AClockThatIsSetBack) {
  pass(1000 * hour);
  EXPECT_EQ(admitted(failures_of(1)), 5);
  tables_.clock.set_wall(tables_.clock.wall() - std::chrono::hours(900));
  EXPECT_FALSE(one(failures_of(1)).admitted);
  EXPECT_LE(one(failures_of(1)).retry_after_ns, hour);
  pass(hour + second);
  EXPECT_EQ(admitted(failures_of(1)), 5);
}

// --- Under attack

// Puts jobs into a queue of its own, to be run when the test says so.
class HeldEngine final : public detail::Engine, public detail::JobQueue {
 public:
  explicit HeldEngine(detail::Engine& engine) : engine_(engine) {}
  detail::JobQueue& queue(detail::Access) noexcept override { return *this; }
  detail::Session& session(detail::Access access, std::size_t worker) noexcept override {
    ++transactions;
    return engine_.session(access, worker);
  }
  bool submit(detail::Job& job) noexcept override {
    if (held.size() == room) return false;
    held.push_back(&job);
    return true;
  }
  void run() {
    while (!held.empty()) {
      std::vector<detail::Job*> jobs;
      jobs.swap(held);
      for (detail::Job* const job : jobs) job->run(0);
    }
  }

  std::vector<detail::Job*> held;
  std::size_t room = 10'000;
  int transactions = 0;

 private:
  detail::Engine& engine_;
};

detail::OwnedTask<Decision> owned(Task<Decision> task) { return detail::OwnedTask<Decision>(task); }

struct Asked {
  Asked(DatabaseLimits& limits, const net::Loop& loop, const Charge& with)
      : task(owned(limits.charge(loop, {&with, 1}))) {
    task.start(pump);
  }
  test::TaskPump pump;
  detail::OwnedTask<Decision> task;
};

TEST_F(DatabaseLimitsTest, ManyAttemptsAreFewTransactions) {
  HeldEngine held(tables_.database.own_engine());
  DatabaseLimits limits(held, tables_.clock);
  std::vector<std::unique_ptr<Asked>> asked;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Charge with = failures_of(i % 10);
    asked.push_back(std::make_unique<Asked>(limits, runner_.loop(), with));
  }
  held.run();
  int count = 0;
  for (auto& each : asked) {
    while (!each->task.done()) each->pump.pump();
    if (each->task.await_resume().admitted) ++count;
  }
  EXPECT_EQ(count, 50) << "ten accounts, five guesses each, whoever came at the same time";
  EXPECT_EQ(held.transactions, 4) << "of 256 attempts each";
}

TEST_F(DatabaseLimitsTest, AFullQueueIsOverload) {
  HeldEngine held(tables_.database.own_engine());
  held.room = 0;
  DatabaseLimits limits(held, tables_.clock);
  const Charge with = failures_of(1);
  EXPECT_THROW(test::run_blocking(limits.charge(runner_.loop(), {&with, 1})), Overloaded);
  limits.forget(runner_.loop(), with);  // no room for it either
  EXPECT_TRUE(one(with).admitted);
}

TEST_F(DatabaseLimitsTest, AnErrorRefusesAndIsToldOnce) {
  const auto rename = [&](const char* sql) {
    data::Connection(tables_.options.path, data::Allow::everything, tables_.options.busy_limit).execute(sql);
  };
  rename("ALTER TABLE sallyport_attempts RENAME TO elsewhere");
  for (int i = 0; i < 3; ++i) {
    const Decision decision = charge({failures_of(1)});
    EXPECT_FALSE(decision.admitted);
    EXPECT_TRUE(decision.store_failed);
  }
  ASSERT_EQ(said_.size(), 1U);
  EXPECT_NE(said_[0].find("sallyport_attempts"), std::string::npos) << said_[0];
  rename("ALTER TABLE elsewhere RENAME TO sallyport_attempts");
  EXPECT_TRUE(one(failures_of(1)).admitted);
  EXPECT_EQ(said_.back(), "up");
}

// Whoever fills the table gains no guess, and shuts out no new key as long as others have attempts left.
TEST_F(DatabaseLimitsTest, AFullTableStaysAsItIsAndForgivesNothing) {
  restart(40);
  std::mt19937_64 random(7);
  EXPECT_EQ(admitted(failures_of(1)), 5);
  for (int i = 0; i < 300; ++i) static_cast<void>(one(failures_of(random())));
  EXPECT_LE(rows(), 40);
  EXPECT_FALSE(one(failures_of(1)).admitted) << "what is used up is not displaced";
  EXPECT_LE(admitted(failures_of(random())), 4) << "no more than the one had whose place it is";
  for (int i = 0; i < 2000; ++i) static_cast<void>(one(failures_of(random())));
  const Quota refused = one(failures_of(random()));
  EXPECT_FALSE(refused.admitted) << "all are used up";
  EXPECT_GT(refused.retry_after_ns, 0);
  EXPECT_LE(refused.retry_after_ns, period);
  pass(25 * hour);
  EXPECT_EQ(admitted(failures_of(random())), 5);
}

// --- The same as in memory

TEST_F(DatabaseLimitsTest, DecidesAsMemoryDoes) {
  LocalLimits local;
  std::mt19937_64 random(20261130);
  struct Made {
    Charge charge;
    std::int64_t here = 0;
    std::int64_t there = 0;
  };
  std::vector<Made> made;
  for (int i = 0; i < 3000; ++i) {
    const auto now = [&] { return tables_.clock.now().time_since_epoch().count(); };
    if (random() % 4 == 0) pass(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(period)));
    if (random() % 200 == 0) pass(30 * hour);
    const Charge with = failures_of(1 + random() % 4, 3);
    const auto what = random() % 8;
    if (what == 0 && !made.empty()) {
      const Made& back = made[random() % made.size()];
      local.give_back({&back.charge, 1}, back.here, now());
      limits_->give_back(runner_.loop(), {&back.charge, 1}, back.there);
      continue;
    }
    if (what == 1) {
      local.forget(with);
      forget(with);
      continue;
    }
    const Quota here = local.charge({&with, 1}, now()).quotas[0];
    const Quota there = one(with);
    ASSERT_TRUE(said_.empty()) << said_.front();
    ASSERT_EQ(here.admitted, there.admitted) << i;
    ASSERT_EQ(here.remaining, there.remaining) << i;
    ASSERT_EQ(here.retry_after_ns, there.retry_after_ns) << i;
    ASSERT_EQ(here.reset_ns, there.reset_ns) << i;
    if (here.admitted) made.push_back({with, now(), counted_at_});
    if (random() % 100 == 0) restart();
  }
}

}  // namespace
}  // namespace sallyport::limits
