// The counters of a rate limit: burst, steady rate, and what happens when strangers share a set or threads race.
#include "store/gcra_table.hpp"

#include <atomic>
#include <cstdint>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sallyport::store {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr GcraTable::Rate ten_per_second{second / 10, 100};
constexpr std::int64_t start = 5 * second;

// Keys are hashes: well mixed.
std::uint64_t hashed(std::uint64_t n) {
  n *= 0x9e3779b97f4a7c15;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
  n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
  return n ^ (n >> 31);
}

std::uint32_t admitted_at_once(GcraTable& table, std::uint64_t key, std::int64_t now, std::uint32_t tries = 1000) {
  std::uint32_t admitted = 0;
  for (std::uint32_t i = 0; i < tries; ++i) admitted += table.admit(key, ten_per_second, now).admitted;
  return admitted;
}

TEST(GcraTable, AdmitsTheBurstAndCountsItDown) {
  GcraTable table;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const Quota quota = table.admit(7, ten_per_second, start);
    ASSERT_TRUE(quota.admitted) << i;
    EXPECT_EQ(quota.remaining, 99 - i);
    EXPECT_EQ(quota.reset_ns, (i + 1) * second / 10);
    EXPECT_EQ(quota.retry_after_ns, 0);
  }
  const Quota refused = table.admit(7, ten_per_second, start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.retry_after_ns, second / 10);
  EXPECT_EQ(refused.reset_ns, 10 * second);
}

TEST(GcraTable, ThenAdmitsTheSteadyRateToTheNanosecond) {
  GcraTable table;
  ASSERT_EQ(admitted_at_once(table, 7, start), 100U);
  std::int64_t now = start;
  for (int i = 0; i < 50; ++i) {
    const Quota refused = table.admit(7, ten_per_second, now);
    ASSERT_FALSE(refused.admitted);
    now += refused.retry_after_ns;
    EXPECT_FALSE(table.admit(7, ten_per_second, now - 1).admitted);
    EXPECT_TRUE(table.admit(7, ten_per_second, now).admitted);
  }
  EXPECT_EQ(now, start + 50 * second / 10);
}

TEST(GcraTable, RefusedRequestsCostNothing) {
  GcraTable table;
  ASSERT_EQ(admitted_at_once(table, 7, start), 100U);
  ASSERT_EQ(admitted_at_once(table, 7, start, 100'000), 0U);
  EXPECT_EQ(admitted_at_once(table, 7, start + second), 10U);
}

TEST(GcraTable, TheWholeBurstIsThereAgainAfterReset) {
  GcraTable table;
  ASSERT_EQ(admitted_at_once(table, 7, start), 100U);
  const std::int64_t reset = table.admit(7, ten_per_second, start).reset_ns;
  EXPECT_EQ(admitted_at_once(table, 7, start + reset), 100U);
}

TEST(GcraTable, NeverAdmitsADoubleBurst) {
  GcraTable table;
  std::uint32_t admitted = 0;
  for (std::int64_t t = 0; t <= 20 * second; t += second / 1000) admitted += admitted_at_once(table, 7, start + t, 2);
  EXPECT_EQ(admitted, 100U + 200U);
}

TEST(GcraTable, KeysDoNotTouchEachOther) {
  GcraTable table;
  for (std::uint64_t key = 1; key < 200; ++key) EXPECT_EQ(admitted_at_once(table, hashed(key), start), 100U) << key;
}

TEST(GcraTable, StrangersNeverFreeALimitedKey) {
  GcraTable table(8);  // one set
  const std::uint64_t limited = hashed(42);
  ASSERT_EQ(admitted_at_once(table, limited, start), 100U);
  std::uint32_t to_strangers = 0;
  for (std::uint64_t stranger = 100; stranger < 20'000; ++stranger) {
    to_strangers += table.admit(hashed(stranger), ten_per_second, start).admitted;
    ASSERT_FALSE(table.admit(limited, ten_per_second, start).admitted) << stranger;
  }
  EXPECT_LE(to_strangers, 7U * 100U);
}

TEST(GcraTable, AKeyWithoutASlotOfItsOwnGetsOneBurstNotOneOfEachSlot) {
  for (std::uint64_t latecomer = 1000; latecomer < 1020; ++latecomer) {
    GcraTable table(8);
    for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_TRUE(table.admit(hashed(key), ten_per_second, start).admitted);
    EXPECT_LE(admitted_at_once(table, hashed(latecomer), start), 99U);
    EXPECT_LE(admitted_at_once(table, hashed(latecomer), start + second / 20), 1U);  // the slot's owner used one
  }
}

TEST(GcraTable, ASlotWhoseTimeHasPassedIsUsedAgain) {
  GcraTable table(8);
  for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_EQ(admitted_at_once(table, hashed(key), start), 100U);
  for (std::uint64_t key = 11; key <= 18; ++key)
    EXPECT_EQ(admitted_at_once(table, hashed(key), start + 10 * second), 100U);
}

std::uint32_t admitted_to_threads(GcraTable& table, const std::vector<std::uint64_t>& key_of_thread) {
  std::atomic<std::uint32_t> admitted{0};
  std::latch ready(static_cast<std::ptrdiff_t>(key_of_thread.size()));
  std::vector<std::thread> threads;
  for (const std::uint64_t key : key_of_thread) {
    threads.emplace_back([&, key] {
      ready.arrive_and_wait();
      admitted += admitted_at_once(table, key, start);
    });
  }
  for (auto& thread : threads) thread.join();
  return admitted;
}

TEST(GcraTable, ThreadsOfOneClientGetOneBurst) {
  for (int round = 0; round < 50; ++round) {
    GcraTable table(8);
    EXPECT_EQ(admitted_to_threads(table, std::vector<std::uint64_t>(8, 7)), 100U);
  }
}

TEST(GcraTable, ThreadsOfManyClientsGetNoMoreThanTheSetHolds) {
  for (int round = 0; round < 50; ++round) {
    GcraTable table(8);
    std::vector<std::uint64_t> keys;
    for (std::uint64_t key = 1; key <= 16; ++key) keys.push_back(hashed(key));
    EXPECT_LE(admitted_to_threads(table, keys), 8U * 100U);
  }
}

TEST(GcraTable, RacingStrangersNeverFreeALimitedKey) {
  for (int round = 0; round < 20; ++round) {
    GcraTable table(8);
    const std::uint64_t limited = hashed(42);
    ASSERT_EQ(admitted_at_once(table, limited, start), 100U);
    std::atomic<std::uint32_t> freed{0};
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (std::uint64_t i = 1; i < 2000; ++i) {
          (void)table.admit(hashed(thread * 2000 + i + 100), ten_per_second, start);
          freed += table.admit(limited, ten_per_second, start).admitted;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(freed, 0U);
  }
}

}  // namespace
}  // namespace sallyport::store
