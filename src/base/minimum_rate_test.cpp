// A slow peer is cut when its patience is used up; bytes earn some back, never more than there was.
#include "base/minimum_rate.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sallyport::base {
namespace {

using namespace std::chrono_literals;

constexpr Clock::SteadyTime start{std::chrono::hours(100)};

TEST(MinimumRate, APeerThatStallsIsCutAfterThePatience) {
  MinimumRate rate(10s, 100);
  EXPECT_FALSE(rate.waiting());
  EXPECT_EQ(rate.wait(start), start + 10s);
  EXPECT_TRUE(rate.waiting());
  // Asked again, it is the same wait.
  EXPECT_EQ(rate.wait(start + 3s), start + 10s);
}

TEST(MinimumRate, OnlyTheTimeSpentWaitingCounts) {
  MinimumRate rate(10s, 100);
  rate.wait(start);
  rate.moved(start + 4s, 0);
  EXPECT_FALSE(rate.waiting());
  EXPECT_EQ(rate.wait(start + 20s), start + 26s);
  rate.moved(start + 20s, 0);
  // Between two waits bytes may go through; that is no wait.
  rate.moved(start + 30s, 0);
  EXPECT_EQ(rate.wait(start + 40s), start + 46s);
}

TEST(MinimumRate, EachByteEarnsItsShareOfASecond) {
  MinimumRate rate(10s, 100);
  rate.wait(start);
  rate.moved(start + 4s, 200);
  EXPECT_EQ(rate.wait(start + 4s), start + 12s);
  rate.moved(start + 4s, 1);
  EXPECT_EQ(rate.wait(start + 4s), start + 12s + 10ms);
}

TEST(MinimumRate, CountsLargeNumbersOfBytes) {
  MinimumRate rate(10s, 1U << 30);
  rate.wait(start);
  rate.moved(start + 6s, std::uint64_t{1} << 32);
  EXPECT_EQ(rate.wait(start), start + 8s);
}

// 90 bytes a second where 100 are asked for: a tenth of the time is lost.
TEST(MinimumRate, APeerThatDripsIsCut) {
  MinimumRate rate(10s, 100);
  Clock::SteadyTime now = start;
  int seconds = 0;
  while (rate.wait(now) > now && seconds < 1000) {
    now += 1s;
    ++seconds;
    rate.moved(now, 90);
  }
  EXPECT_EQ(seconds, 100);
}

TEST(MinimumRate, NobodyLivesOnFormerSpeed) {
  MinimumRate rate(10s, 100);
  for (const std::uint64_t bytes : {std::uint64_t{1'000'000}, std::numeric_limits<std::uint64_t>::max()}) {
    rate.wait(start);
    rate.moved(start + 4s, bytes);
    EXPECT_EQ(rate.wait(start + 4s), start + 14s);
    rate.moved(start + 4s, 0);
  }
}

TEST(MinimumRate, WhatWasEarnedIsKeptUpToTheMost) {
  MinimumRate rate(10s, 100, 60s);
  EXPECT_EQ(rate.wait(start), start + 10s) << "nothing is earned yet";
  rate.moved(start + 4s, 1000);
  EXPECT_EQ(rate.wait(start + 4s), start + 20s);
  rate.moved(start + 4s, 1'000'000);
  EXPECT_EQ(rate.wait(start + 4s), start + 64s);
  EXPECT_EQ(MinimumRate(10s, 100, 1s).wait(start), start + 10s) << "never less than the patience";
}

}  // namespace
}  // namespace sallyport::base
