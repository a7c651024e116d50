// Limits counted in a real Redis: the same decisions as counted here, several at once, and never one more than the limit.
#include "limits/redis_limits.hpp"

#include "limits/local_limits.hpp"
#include "support/limits_on_loop.hpp"
#include "support/redis_server.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

namespace sallyport::limits {
namespace {

using sallyport::testing::LimitsOnLoop;
using sallyport::testing::RedisServer;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t hour = 3600 * second;

ops::RedisSettings settings_for(const RedisServer& server) {
  ops::RedisSettings settings;
  settings.url = server.url();
  settings.prefix = "test";
  settings.timeout_milliseconds = 5000;  // sanitizers are slow; redis_link_test.cpp is about time
  return settings;
}

class RedisLimitsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
    server_.emplace();
    limits_.emplace(settings_for(*server_), RemoteLimits::OnChange{}, &clock_);
    ASSERT_EQ(limits_->connect(), "");
  }
  Decision charge(std::initializer_list<Charge> charges) {
    return limits_->charge({charges.begin(), charges.size()}, &counted_at_);
  }
  Quota one(const Charge& charge_with) { return charge({charge_with}).quotas[0]; }
  void give_back(const Charge& charge_with) { limits_->give_back({&charge_with, 1}, counted_at_); }
  void pass(std::int64_t ns) { clock_.advance(std::chrono::nanoseconds(ns)); }

  std::optional<RedisServer> server_;
  base::ManualClock clock_;
  std::optional<LimitsOnLoop> limits_;
  std::int64_t counted_at_ = 0;
};

TEST_F(RedisLimitsTest, ASteadyRate) {
  const Charge five{1, Counting::gcra, 5, 60 * second, 1};
  for (std::uint32_t i = 1; i <= 5; ++i) {
    const Quota quota = one(five);
    EXPECT_TRUE(quota.admitted);
    EXPECT_EQ(quota.remaining, 5 - i);
    EXPECT_EQ(quota.reset_ns, 12 * second * i);
  }
  Quota quota = one(five);
  EXPECT_FALSE(quota.admitted);
  EXPECT_EQ(quota.retry_after_ns, 12 * second);
  EXPECT_EQ(quota.reset_ns, 60 * second);
  pass(12 * second - 1000);
  EXPECT_EQ(one(five).retry_after_ns, 1000);
  pass(1000);
  EXPECT_TRUE(one(five).admitted);
  EXPECT_FALSE(one(five).admitted);
  give_back(five);
  EXPECT_TRUE(one(five).admitted);
  pass(60 * second);
  EXPECT_EQ(one(five).remaining, 4U);
}

TEST_F(RedisLimitsTest, AWindowBeginsWithTheFirst) {
  const Charge two{1, Counting::fixed_window, 2, 60 * second, 1};
  EXPECT_EQ(one(two).reset_ns, 60 * second);
  pass(50 * second);
  EXPECT_EQ(one(two).reset_ns, 10 * second);
  const Quota refused = one(two);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after_ns, 10 * second);
  const std::int64_t before = counted_at_;
  pass(10 * second);
  EXPECT_EQ(one(two).remaining, 1U);
  limits_->give_back({&two, 1}, before);  // of the window before
  EXPECT_EQ(one(two).remaining, 0U);
}

TEST_F(RedisLimitsTest, FailuresShutForLongerEachTime) {
  const Charge three{1, Counting::failures, 3, 900 * second, 1};
  for (const std::int64_t delay : {900, 1800, 3600, 3600}) {
    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(one(three).admitted);
      pass(second);
    }
    const Quota refused = one(three);
    EXPECT_FALSE(refused.admitted);
    EXPECT_EQ(refused.retry_after_ns, (delay - 1) * second);
    pass((delay - 1) * second);
  }
  // The level is remembered for a day after the rest.
  pass(24 * hour);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(one(three).admitted);
  EXPECT_EQ(one(three).retry_after_ns, 900 * second);

  limits_->forget(three);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(one(three).admitted);
  EXPECT_EQ(one(three).retry_after_ns, 900 * second);
}

TEST_F(RedisLimitsTest, AnAttemptGivenBackOpensAgain) {
  const Charge two{1, Counting::failures, 2, 900 * second, 1};
  EXPECT_TRUE(one(two).admitted);
  pass(899 * second);
  EXPECT_TRUE(one(two).admitted);
  const std::int64_t second_at = counted_at_;
  EXPECT_FALSE(one(two).admitted);
  limits_->give_back({&two, 1}, second_at);
  const Quota quota = one(two);
  EXPECT_TRUE(quota.admitted);
  EXPECT_EQ(quota.reset_ns, 900 * second);
  EXPECT_EQ(one(two).retry_after_ns, 900 * second);
  pass(900 * second);
  EXPECT_TRUE(one(two).admitted);
  EXPECT_TRUE(one(two).admitted);
  EXPECT_EQ(one(two).retry_after_ns, 1800 * second);
}

TEST_F(RedisLimitsTest, SeveralAreDecidedAsOne) {
  const Charge rate{1, Counting::gcra, 10, 10 * second, 4};
  const Charge window{2, Counting::fixed_window, 10, 10 * second, 1};
  const Charge failures{3, Counting::failures, 1, 10 * second, 1};
  const Decision first = charge({rate, window, failures});
  EXPECT_TRUE(first.admitted);
  EXPECT_EQ(first.count, 3U);
  EXPECT_EQ(first.quotas[0].remaining, 6U);
  EXPECT_EQ(first.quotas[1].remaining, 9U);
  EXPECT_EQ(first.quotas[2].remaining, 0U);
  for (int i = 0; i < 3; ++i) {  // counts nothing, and says how things stand
    const Decision refused = charge({rate, window, failures});
    EXPECT_FALSE(refused.admitted);
    EXPECT_FALSE(refused.store_failed);
    EXPECT_TRUE(refused.quotas[0].admitted);
    EXPECT_EQ(refused.quotas[0].remaining, 6U);
    EXPECT_EQ(refused.quotas[0].reset_ns, 4 * second);
    EXPECT_EQ(refused.quotas[1].remaining, 9U);
    EXPECT_FALSE(refused.quotas[2].admitted);
    EXPECT_EQ(refused.quotas[2].retry_after_ns, 10 * second);
  }
}

TEST_F(RedisLimitsTest, WhatCanNeverBeAdmitted) {
  for (const Counting counting : {Counting::gcra, Counting::fixed_window, Counting::failures}) {
    const std::uint64_t key = 10 * static_cast<std::uint64_t>(counting);
    const Quota none = one({key, counting, 0, 10 * second, 1});
    EXPECT_FALSE(none.admitted);
    EXPECT_EQ(none.retry_after_ns, 10 * second);
    const Quota dear = one({key + 1, counting, 5, 10 * second, 6});
    EXPECT_FALSE(dear.admitted);
    EXPECT_EQ(dear.retry_after_ns, 10 * second);
    EXPECT_EQ(one({key + 1, counting, 5, 10 * second, 5}).remaining, 0U);
  }
  EXPECT_TRUE(charge({}).admitted);
  const std::vector<Charge> many(max_charges + 1);
  EXPECT_TRUE(limits_->charge(many).store_failed);
}

TEST_F(RedisLimitsTest, AClockThatIsSetBackShutsNobodyOutForLonger) {
  const Charge rate{1, Counting::gcra, 1, 60 * second, 1};
  const Charge window{2, Counting::fixed_window, 1, 60 * second, 1};
  const Charge failures{3, Counting::failures, 1, 60 * second, 1};
  EXPECT_TRUE(charge({rate, window, failures}).admitted);
  clock_.set_wall(clock_.wall() - std::chrono::hours(1000));
  const Decision decision = charge({rate, window, failures});
  EXPECT_EQ(decision.quotas[0].retry_after_ns, 60 * second);
  EXPECT_EQ(decision.quotas[1].retry_after_ns, 60 * second);
  EXPECT_LE(decision.quotas[2].retry_after_ns, hour);
}

TEST_F(RedisLimitsTest, KeysAreNamedAndGo) {
  EXPECT_TRUE(charge({{0x12ab, Counting::gcra, 2, 60 * second, 1},
                      {0xffff'ffff'ffff'ffff, Counting::fixed_window, 2, 60 * second, 1},
                      {7, Counting::failures, 2, 60 * second, 1}})
                  .admitted);
  const auto expiry = [&](const std::string& key) {
    return std::stol(server_->command({"PTTL", "test:{limits}:" + key}));
  };
  const auto is_near = [](long ms, long expected) { return ms > expected - 20'000 && ms <= expected; };
  EXPECT_PRED2(is_near, expiry("00000000000012ab"), 30'000);
  EXPECT_PRED2(is_near, expiry("ffffffffffffffff"), 60'000);
  EXPECT_PRED2(is_near, expiry("0000000000000007"), 60'000);
  EXPECT_TRUE(one({7, Counting::failures, 2, 60 * second, 1}).admitted);
  EXPECT_PRED2(is_near, expiry("0000000000000007"), 86'460'000);
  limits_->forget({7, Counting::failures, 2, 60 * second, 1});
  EXPECT_TRUE(one({8, Counting::gcra, 1, second / 1000, 1}).admitted);  // one-way calls go first
  EXPECT_EQ(expiry("0000000000000007"), -2);
}

TEST_F(RedisLimitsTest, NothingButOurKeysCounts) {
  const Charge two{1, Counting::fixed_window, 2, 60 * second, 1};
  EXPECT_TRUE(one(two).admitted);
  EXPECT_TRUE(one(two).admitted);
  auto settings = settings_for(*server_);
  settings.prefix = "other";
  LimitsOnLoop other(settings, {}, &clock_);
  ASSERT_EQ(other.connect(), "");
  EXPECT_TRUE(other.charge({&two, 1}).admitted);
  settings.prefix = "test";
  settings.url += "/3";
  LimitsOnLoop third(settings, {}, &clock_);
  ASSERT_EQ(third.connect(), "");
  EXPECT_TRUE(third.charge({&two, 1}).admitted);
  // Another program's value, of any kind, is no outage.
  server_->command({"SET", "test:{limits}:0000000000000001", "17 what"});
  EXPECT_EQ(one(two).remaining, 1U);
  server_->command({"DEL", "test:{limits}:0000000000000001"});
  server_->command({"LPUSH", "test:{limits}:0000000000000001", "17"});
  EXPECT_EQ(one(two).remaining, 1U);
}

TEST_F(RedisLimitsTest, AScriptThatWasForgottenIsBroughtAgain) {
  const Charge many{1, Counting::fixed_window, 100, 60 * second, 1};
  for (std::uint32_t i = 1; i <= 20; ++i) {
    EXPECT_EQ(server_->command({"SCRIPT", "FLUSH"}), "OK");
    if (i % 3 == 0) give_back(many);
    EXPECT_EQ(one(many).remaining, 100 - i + i / 3);
  }
  EXPECT_EQ(limits_->lost(), 0U);
}

TEST_F(RedisLimitsTest, RedisOwnClock) {
  LimitsOnLoop limits(settings_for(*server_));
  ASSERT_EQ(limits.connect(), "");
  const Charge one_each{1, Counting::gcra, 1, second / 5, 1};
  std::int64_t at = 0;
  const auto begin = std::chrono::system_clock::now().time_since_epoch().count();
  EXPECT_TRUE(limits.charge({&one_each, 1}, &at).admitted);
  EXPECT_GE(at, begin - 1000);
  EXPECT_LE(at, std::chrono::system_clock::now().time_since_epoch().count());
  Decision decision = limits.charge({&one_each, 1});
  EXPECT_LE(decision.quotas[0].retry_after_ns, second / 5);
  while (!decision.admitted) decision = limits.charge({&one_each, 1});
  EXPECT_GE(std::chrono::system_clock::now().time_since_epoch().count(), begin + second / 5);
}

// The same requests, decided here and by Redis.
TEST_F(RedisLimitsTest, DecidesAsLocalLimitsDo) {
  LocalLimits local;
  std::mt19937_64 random(20'260'801);
  const auto below = [&](std::uint64_t n) { return random() % n; };
  // Windows begin with a step of 1.05 ms there.
  constexpr std::int64_t slack = 4'000'000;
  struct Counted {
    Charge charge;
    std::int64_t local_at;
    std::int64_t redis_at;
  };
  std::vector<Counted> counted;
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    if (below(3) == 0) pass(static_cast<std::int64_t>(below(6) == 0 ? below(200'000) : below(40)) * (second / 4));
    const std::int64_t now = clock_.wall().time_since_epoch().count();
    if (!counted.empty() && below(12) == 0) {
      const Counted back = counted[below(counted.size())];
      counted.clear();
      local.give_back({&back.charge, 1}, back.local_at, now);
      limits_->give_back({&back.charge, 1}, back.redis_at);
    }
    std::vector<Charge> charges;
    for (std::uint64_t key = 1; key <= 6; ++key) {
      if (below(3) != 0) continue;
      const auto counting = static_cast<Counting>(key % 3);
      charges.push_back({key << 40, counting, static_cast<std::uint32_t>(2 + key),
                         60 * second * (2 + static_cast<std::int64_t>(key)), static_cast<std::uint32_t>(1 + below(2))});
    }
    if (charges.empty()) continue;
    if (below(200) == 0) {
      for (const Charge& each : charges) {
        if (each.counting != Counting::failures) continue;
        local.forget(each);
        limits_->forget(each);
      }
    }
    const Decision here = local.charge(charges, now);
    std::int64_t at = 0;
    const Decision there = limits_->charge(charges, &at);
    ASSERT_FALSE(there.store_failed);
    ASSERT_EQ(here.admitted, there.admitted) << i;
    ASSERT_EQ(here.count, there.count);
    for (std::size_t k = 0; k < here.count; ++k) {
      ASSERT_EQ(here.quotas[k].admitted, there.quotas[k].admitted) << i << ' ' << k;
      ASSERT_EQ(here.quotas[k].remaining, there.quotas[k].remaining) << i << ' ' << k;
      ASSERT_LE(std::abs(here.quotas[k].retry_after_ns - there.quotas[k].retry_after_ns), slack) << i << ' ' << k;
      ASSERT_LE(std::abs(here.quotas[k].reset_ns - there.quotas[k].reset_ns), slack) << i << ' ' << k;
    }
    if (here.admitted) {
      for (const Charge& each : charges) counted.push_back({each, now, at});
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 500);
}

// --- Many at once

constexpr std::size_t accounting_keys = 40;
constexpr std::uint32_t accounting_limit = 900;

// The period is long: nothing comes back while the test runs, but at most one of the steady rates.
Charge accounted(std::uint64_t key) { return {key, static_cast<Counting>(key % 3), accounting_limit, 1000 * hour, 1}; }

struct Load {
  std::array<std::uint64_t, accounting_keys> admitted{};
  std::uint64_t charges = 0;
  std::uint64_t failed = 0;
  std::size_t running = 0;
};

Task<void> ask_at_random(LimitsOnLoop& limits, Load& load, std::uint64_t seed, std::size_t decisions) {
  std::mt19937_64 random(seed);
  std::array<Charge, 4> charges;
  for (std::size_t i = 0; i < decisions; ++i) {
    const std::size_t first = random() % accounting_keys;
    const std::size_t count = 1 + random() % charges.size();
    for (std::size_t k = 0; k < count; ++k) charges[k] = accounted((first + 7 * k) % accounting_keys);
    const Decision decision = co_await limits.limits().charge(limits.loop(), std::span(charges).first(count));
    load.charges += count;
    load.failed += decision.store_failed ? 1 : 0;
    for (std::size_t k = 0; decision.admitted && k < count; ++k) ++load.admitted[charges[k].key];
  }
  --load.running;
}

Load run_load(const ops::RedisSettings& settings, std::uint64_t seed, std::size_t coroutines, std::size_t decisions) {
  Load load;
  LimitsOnLoop limits(settings);
  if (!limits.connect().empty()) {
    load.failed = 1;
    return load;
  }
  load.running = coroutines;
  std::vector<net::Background> tasks;
  for (std::size_t i = 0; i < coroutines; ++i)
    tasks.push_back(net::Background(limits.loop(), ask_at_random(limits, load, seed + i, decisions)));
  EXPECT_TRUE(limits.runner().until([&] { return load.running == 0; }, std::chrono::seconds(100)));
  return load;
}

void expect_accounted(const std::vector<Load>& loads) {
  std::uint64_t charges = 0;
  for (const Load& load : loads) {
    EXPECT_EQ(load.failed, 0U);
    charges += load.charges;
  }
  EXPECT_GE(charges, 200'000U);
  for (std::size_t key = 0; key < accounting_keys; ++key) {
    std::uint64_t admitted = 0;
    for (const Load& load : loads) admitted += load.admitted[key];
    EXPECT_LE(admitted, accounting_limit) << key;
    EXPECT_GE(admitted, accounting_limit - 3) << key;  // a charge of several is refused for the first that is used up
  }
}

TEST(RedisLimitsLoad, TwoLinksOfOneProcessNeverAdmitOneMore) {
  if (!RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
  const RedisServer server;
  std::vector<Load> loads(2);
  std::thread other([&] { loads[1] = run_load(settings_for(server), 1000, 64, 650); });
  loads[0] = run_load(settings_for(server), 2000, 64, 650);
  other.join();
  expect_accounted(loads);
}

TEST(RedisLimitsLoad, TwoProcessesNeverAdmitOneMore) {
  if (!RedisServer::installed()) GTEST_SKIP() << "redis-server is not installed";
  const RedisServer server;
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const Load load = run_load(settings_for(server), 1000, 64, 650);
    const bool told = ::write(pipe[1], &load, sizeof load) == sizeof load;
    ::_exit(told ? 0 : 1);
  }
  std::vector<Load> loads(2);
  loads[0] = run_load(settings_for(server), 2000, 64, 650);
  EXPECT_EQ(::read(pipe[0], &loads[1], sizeof(Load)), static_cast<ssize_t>(sizeof(Load)));
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
  expect_accounted(loads);
}

}  // namespace
}  // namespace sallyport::limits
