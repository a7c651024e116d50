// Several limits decided as one, in the memory of one process and in shared memory.
#include "limits/local_limits.hpp"

#include "support/temporary_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sallyport::limits {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t start = 1000 * minute;
constexpr LimitSizes small{.slots = 256, .entries = 256};

constexpr Charge per_client{0x1111'2222'3333'4444, Counting::gcra, 10, 10 * second};
constexpr Charge per_day{0x5555'6666'7777'8888, Counting::fixed_window, 4, 1440 * minute};
constexpr Charge per_account{0x9999'aaaa'bbbb'cccc, Counting::failures, 3, 15 * minute};
constexpr std::array all{per_client, per_day, per_account};

TEST(LocalLimits, CountsAllOrNone) {
  LocalLimits limits(small);
  for (std::uint32_t i = 0; i < 3; ++i) {
    const Decision decision = limits.charge(all, start);
    ASSERT_TRUE(decision.admitted);
    EXPECT_FALSE(decision.store_failed);
    ASSERT_EQ(decision.count, 3U);
    EXPECT_EQ(decision.quotas[0].remaining, 9 - i);
    EXPECT_EQ(decision.quotas[1].remaining, 3 - i);
    EXPECT_EQ(decision.quotas[2].remaining, 2 - i);
  }
  for (int i = 0; i < 100; ++i) {
    const Decision refused = limits.charge(all, start);
    ASSERT_FALSE(refused.admitted);
    ASSERT_EQ(refused.count, 3U);
    EXPECT_TRUE(refused.quotas[0].admitted);
    EXPECT_EQ(refused.quotas[0].remaining, 7U);
    EXPECT_EQ(refused.quotas[0].reset_ns, 3 * second);
    EXPECT_EQ(refused.quotas[1].remaining, 1U);
    EXPECT_FALSE(refused.quotas[2].admitted);
    EXPECT_EQ(refused.quotas[2].retry_after_ns, 15 * minute);
  }
}

TEST(LocalLimits, WhatStandsBehindARefusalIsToldAndNotCounted) {
  LocalLimits limits(small);
  const std::array day_first{per_day, per_client, per_account};
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(limits.charge({&per_day, 1}, start).admitted);
  for (int i = 0; i < 20; ++i) {
    const Decision refused = limits.charge(day_first, start);
    EXPECT_FALSE(refused.admitted);
    EXPECT_FALSE(refused.quotas[0].admitted);
    EXPECT_TRUE(refused.quotas[1].admitted);
    EXPECT_EQ(refused.quotas[1].remaining, 10U);
    EXPECT_EQ(refused.quotas[2].remaining, 3U);
  }
}

TEST(LocalLimits, NothingToChargeIsAdmittedAndTooMuchIsNot) {
  LocalLimits limits(small);
  EXPECT_TRUE(limits.charge({}, start).admitted);
  const std::vector<Charge> many(max_charges + 1, per_client);
  EXPECT_FALSE(limits.charge(many, start).admitted);
  EXPECT_TRUE(limits.charge(std::span(many).first(max_charges), start).admitted);
}

TEST(LocalLimits, ComesBackAndIsForgotten) {
  LocalLimits limits(small);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(limits.charge(all, start).admitted);
    limits.give_back(all, start, start);
  }
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(limits.charge({&per_account, 1}, start).admitted);
  limits.forget(per_account);
  limits.forget(per_day);
  EXPECT_TRUE(limits.charge({&per_account, 1}, start).admitted);
}

// Each in another order: nobody waits for anybody, and at the end exactly the tightest limit is used up.
TEST(LocalLimits, ThreadsThatChargeTogetherAdmitNoMoreThanTheTightestLimit) {
  for (int round = 0; round < 20; ++round) {
    LocalLimits limits(small);
    std::atomic<std::uint32_t> admitted{0};
    std::barrier together(4);
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        std::array charges = all;
        std::rotate(charges.begin(), charges.begin() + thread % 3, charges.end());
        together.arrive_and_wait();
        for (int i = 0; i < 200; ++i) admitted += limits.charge(charges, start).admitted;
      });
    }
    for (auto& thread : threads) thread.join();
    while (limits.charge(all, start).admitted) ++admitted;  // what a refusal of another's was on account of
    EXPECT_EQ(admitted, 3U);
    EXPECT_EQ(limits.charge(all, start).quotas[0].remaining, 7U);
  }
}

class SharedLimits : public ::testing::Test {
 protected:
  [[nodiscard]] std::unique_ptr<LocalLimits> open(const LimitSizes& sizes = small) {
    return LocalLimits::shared(folder_ + "/app.limits", problem_, sizes);
  }
  sallyport::testing::TemporaryFolder home_;
  std::string folder_ = home_.path();
  std::string problem_;
};

TEST_F(SharedLimits, TwoThatMapOneFileCountTogether) {
  const auto one = open();
  const auto other = open();
  ASSERT_TRUE(one && other) << problem_;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE((i % 2 ? one : other)->charge(all, start).admitted);
  EXPECT_FALSE(one->charge(all, start).admitted);
  EXPECT_FALSE(other->charge(all, start).admitted);
  one->give_back(all, start, start);
  EXPECT_TRUE(other->charge(all, start).admitted);
  one->forget(per_account);
  EXPECT_TRUE(other->charge(all, start).admitted);
}

TEST_F(SharedLimits, OtherSizesAreAnotherMemory) {
  const auto one = open();
  const auto other = open({.slots = 512, .entries = 256});
  ASSERT_TRUE(one && other) << problem_;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(one->charge(all, start).admitted);
  EXPECT_TRUE(other->charge(all, start).admitted);
}

TEST_F(SharedLimits, AProblemIsSaid) {
  std::filesystem::create_directory(folder_ + "/app.limits");
  EXPECT_FALSE(open());
  EXPECT_NE(problem_, "");
}

// Each process adds up what it was admitted of three keys, which two processes and their threads hammer at the same time.
TEST_F(SharedLimits, ProcessesAndTheirThreadsAdmitTheLimitBetweenThem) {
  const auto limits = open();
  ASSERT_TRUE(limits) << problem_;
  std::array<int, 2> results{};
  ASSERT_EQ(::pipe(results.data()), 0);
  std::vector<pid_t> children;
  for (int process = 0; process < 3; ++process) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto mine = open();
      std::array<std::uint32_t, 3> admitted{};
      for (int i = 0; mine && i < 20'000; ++i) {
        for (std::size_t kind = 0; kind < 3; ++kind) admitted[kind] += mine->charge({&all[kind], 1}, start).admitted;
      }
      const bool told = ::write(results[1], admitted.data(), sizeof admitted) == sizeof admitted;
      ::_exit(told ? 0 : 1);
    }
    children.push_back(child);
  }
  std::array<std::uint32_t, 3> sum{};
  for (const pid_t child : children) {
    std::array<std::uint32_t, 3> admitted{};
    ASSERT_EQ(::read(results[0], admitted.data(), sizeof admitted), static_cast<ssize_t>(sizeof admitted));
    for (std::size_t kind = 0; kind < 3; ++kind) sum[kind] += admitted[kind];
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  ::close(results[0]);
  ::close(results[1]);
  EXPECT_EQ(sum, (std::array<std::uint32_t, 3>{10, 4, 3}));
}

}  // namespace
}  // namespace sallyport::limits
