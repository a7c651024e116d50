// A token bucket gives what it holds, fills up at its rate, and never beyond its reserve.
#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

namespace sallyport::base {
namespace {

using namespace std::chrono_literals;

constexpr Clock::SteadyTime start{std::chrono::hours(100)};

int spend_all(TokenBucket& bucket, Clock::SteadyTime now) {
  int spent = 0;
  while (spent < 1000 && bucket.spend(now)) ++spent;
  return spent;
}

TEST(TokenBucket, TheReserveAtOnceAndThenItsRate) {
  TokenBucket bucket(3, 2);
  EXPECT_EQ(spend_all(bucket, start), 3);
  EXPECT_EQ(spend_all(bucket, start + 1s - 1ns), 0);
  EXPECT_EQ(spend_all(bucket, start + 1s), 2);
  EXPECT_EQ(spend_all(bucket, start + 2s), 2);
}

TEST(TokenBucket, NeverHoldsMoreThanItsReserve) {
  TokenBucket bucket(3, 2);
  EXPECT_EQ(spend_all(bucket, start), 3);
  EXPECT_EQ(spend_all(bucket, start + 24h), 3);
}

// Who asks again and again while it is empty is not served later for it.
TEST(TokenBucket, AskingTooEarlyCostsNothing) {
  TokenBucket bucket(1, 1);
  EXPECT_TRUE(bucket.spend(start));
  EXPECT_FALSE(bucket.spend(start + 500ms));
  EXPECT_TRUE(bucket.spend(start + 1s));
}

TEST(TokenBucket, TimeCountsFromTheFirstThatWasSpent) {
  TokenBucket bucket(2, 1);
  EXPECT_TRUE(bucket.spend(start));
  EXPECT_TRUE(bucket.spend(start + 900ms));
  EXPECT_TRUE(bucket.spend(start + 1s));
  EXPECT_FALSE(bucket.spend(start + 1s));
}

TEST(TokenBucket, WhatIsGivenBackCanBeSpentAgainUpToTheReserve) {
  TokenBucket bucket(4, 1);
  EXPECT_EQ(spend_all(bucket, start), 4);
  bucket.give_back(2);
  EXPECT_EQ(spend_all(bucket, start), 2);
  bucket.give_back(3);
  bucket.give_back(3);
  EXPECT_EQ(spend_all(bucket, start), 4);
}

}  // namespace
}  // namespace sallyport::base
