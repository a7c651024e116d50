// When guessing from many sources at many accounts is told, and what is no such thing.
#include "limits/guessing_alarm.hpp"

#include <gtest/gtest.h>

namespace sallyport::limits {
namespace {

constexpr std::int64_t second = 1'000'000'000;

TEST(GuessingAlarm, ManyAccountsFromManySources) {
  GuessingAlarm alarm;
  for (std::uint64_t i = 0; i + 1 < GuessingAlarm::many_accounts; ++i) EXPECT_FALSE(alarm.failed(i % 30, i, 0)) << i;
  const auto seen = alarm.failed(1, 1000, 1);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->failures, GuessingAlarm::many_accounts);
  EXPECT_EQ(seen->accounts, GuessingAlarm::many_accounts);
  EXPECT_EQ(seen->sources, 30U);
  for (std::uint64_t i = 0; i < 300; ++i) EXPECT_FALSE(alarm.failed(i, i, 2)) << "said once";
}

TEST(GuessingAlarm, SaidAgainInTheNextWindow) {
  GuessingAlarm alarm;
  int said = 0;
  for (std::int64_t at = 0; at < 3 * 600; ++at)
    said += alarm.failed(static_cast<std::uint64_t>(at), static_cast<std::uint64_t>(at), at * second) ? 1 : 0;
  EXPECT_EQ(said, 3);
}

TEST(GuessingAlarm, WhatTheOtherLimitsSee) {
  GuessingAlarm one_source;
  GuessingAlarm one_account;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    EXPECT_FALSE(one_source.failed(7, i, 0)) << "an address at many accounts has its own limit";
    EXPECT_FALSE(one_account.failed(i, 7, 0)) << "and an account its own";
  }
}

TEST(GuessingAlarm, PeopleWhoMistype) {
  GuessingAlarm alarm;
  for (std::uint64_t i = 0; i < 1000; ++i)
    EXPECT_FALSE(alarm.failed(i, i, static_cast<std::int64_t>(i) * 15 * second)) << "four a minute";
}

TEST(GuessingAlarm, WindowsBeginWithTheFirstFailure) {
  GuessingAlarm alarm;
  constexpr std::int64_t late = 5000 * second;
  for (std::uint64_t i = 0; i < 25; ++i) EXPECT_FALSE(alarm.failed(i, i, late));
  for (std::uint64_t i = 25; i < 49; ++i) EXPECT_FALSE(alarm.failed(i, i, late + 599 * second));
  EXPECT_FALSE(alarm.failed(49, 49, late + 600 * second)) << "another window";
  for (std::uint64_t i = 50; i < 98; ++i) EXPECT_FALSE(alarm.failed(i, i, late + 1199 * second));
  EXPECT_TRUE(alarm.failed(98, 98, late + 1199 * second));
}

}  // namespace
}  // namespace sallyport::limits
