// The counters behind `attempts`: the window, successes, threads that guess together, attackers who fill it.
#include "store/attempt_counters.hpp"

#include <atomic>
#include <cstdint>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sallyport::store {
namespace {

constexpr std::int64_t minute = 60'000'000'000;
constexpr std::int64_t window = 15 * minute;
constexpr std::int64_t start = 1000 * minute;
constexpr std::uint64_t alice = 0x1234'5678'9abc'def0;

std::uint32_t admitted(AttemptCounters& counters, std::uint64_t key, std::int64_t now, std::uint32_t max = 5,
                       int tries = 50) {
  std::uint32_t count = 0;
  for (int i = 0; i < tries; ++i) count += counters.reserve(key, max, window, now).admitted;
  return count;
}

// A table of one set, so that all keys meet in it.
AttemptCounters one_set() { return AttemptCounters(8); }

TEST(AttemptCounters, AdmitsMaxAndTellsHowLongToWait) {
  AttemptCounters counters;
  for (int i = 0; i < 5; ++i) {
    const Attempt attempt = counters.reserve(alice, 5, window, start + i * minute);
    EXPECT_TRUE(attempt.admitted);
    EXPECT_EQ(attempt.retry_after_ns, 0);
  }
  const Attempt refused = counters.reserve(alice, 5, window, start + 5 * minute);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after_ns, 10 * minute);
}

TEST(AttemptCounters, TheWindowBeginsWithTheFirstFailureAndEndsOnTheNanosecond) {
  AttemptCounters counters;
  ASSERT_EQ(admitted(counters, alice, start), 5U);
  EXPECT_EQ(admitted(counters, alice, start + window - 1), 0U);
  EXPECT_EQ(counters.reserve(alice, 5, window, start + window - 1).retry_after_ns, 1);
  EXPECT_EQ(admitted(counters, alice, start + window), 5U);
}

TEST(AttemptCounters, RefusedAttemptsDoNotProlongTheWindow) {
  AttemptCounters counters;
  for (std::int64_t t = 0; t < window; t += minute) admitted(counters, alice, start + t);
  EXPECT_EQ(admitted(counters, alice, start + window), 5U);
}

TEST(AttemptCounters, KeysDoNotTouchEachOther) {
  AttemptCounters counters;
  ASSERT_EQ(admitted(counters, alice, start), 5U);
  EXPECT_EQ(admitted(counters, alice + 1, start), 5U);
  EXPECT_EQ(admitted(counters, 0, start), 5U);
}

TEST(AttemptCounters, AnAttemptGivenBackIsNotCounted) {
  AttemptCounters counters;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(counters.reserve(alice, 5, window, start).admitted);
    counters.give_back(alice);
  }
  EXPECT_EQ(admitted(counters, alice, start), 5U);
  counters.give_back(alice);
  EXPECT_EQ(admitted(counters, alice, start), 1U);
}

TEST(AttemptCounters, ASuccessDoesNotBeginTheWindow) {
  AttemptCounters counters;
  ASSERT_TRUE(counters.reserve(alice, 5, window, start).admitted);
  counters.give_back(alice);
  ASSERT_EQ(admitted(counters, alice, start + 14 * minute), 5U);
  EXPECT_EQ(admitted(counters, alice, start + window), 0U);
  EXPECT_EQ(admitted(counters, alice, start + 14 * minute + window), 5U);
}

TEST(AttemptCounters, NoMoreComesBackThanWasTaken) {
  AttemptCounters counters;
  ASSERT_TRUE(counters.reserve(alice, 5, window, start).admitted);
  for (int i = 0; i < 100; ++i) counters.give_back(alice);
  EXPECT_EQ(admitted(counters, alice, start), 5U);
  counters.give_back(alice + 1);  // never reserved
  counters.give_back(0);
  EXPECT_EQ(admitted(counters, alice + 1, start), 5U);
  EXPECT_EQ(admitted(counters, 0, start), 5U);
}

TEST(AttemptCounters, ASuccessForgetsTheFailures) {
  AttemptCounters counters;
  ASSERT_EQ(admitted(counters, alice, start), 5U);
  counters.forget(alice);
  EXPECT_EQ(admitted(counters, alice, start + minute), 5U);
  EXPECT_EQ(admitted(counters, alice, start + window), 0U);  // the window began anew
  counters.forget(alice + 1);
  EXPECT_EQ(admitted(counters, alice + 1, start), 5U);
}

TEST(AttemptCounters, ALimitOfNoneAdmitsNone) {
  AttemptCounters counters;
  EXPECT_EQ(admitted(counters, alice, start, 0), 0U);
}

TEST(AttemptCounters, AHundredThreadsGuessingOneAccountGetFiveGuesses) {
  AttemptCounters counters;
  std::atomic<std::uint32_t> count{0};
  std::latch ready(100);
  std::vector<std::thread> threads;
  for (int i = 0; i < 100; ++i) {
    threads.emplace_back([&] {
      ready.arrive_and_wait();
      count += counters.reserve(alice, 5, window, start).admitted;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count, 5U);
}

TEST(AttemptCounters, ThreadsOnManyAccountsStayWithinEachLimit) {
  AttemptCounters counters(1024);
  constexpr std::size_t accounts = 64;
  std::vector<std::atomic<std::uint32_t>> count(accounts);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        for (std::size_t key = 0; key < accounts; ++key) count[key] += counters.reserve(key, 5, window, start).admitted;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  for (std::size_t key = 0; key < accounts; ++key) EXPECT_EQ(count[key], 5U) << key;
}

TEST(AttemptCounters, FillingTheTableNeverFreesALimitedKey) {
  AttemptCounters counters = one_set();
  ASSERT_EQ(admitted(counters, alice, start), 5U);
  for (std::uint64_t stranger = 1; stranger < 5000; ++stranger) {
    admitted(counters, stranger, start + minute, 5, 1);
    ASSERT_FALSE(counters.reserve(alice, 5, window, start + minute).admitted) << stranger;
  }
  EXPECT_EQ(counters.reserve(alice, 5, window, start + minute).retry_after_ns, 14 * minute);
}

TEST(AttemptCounters, BeingDisplacedWinsNoGuess) {
  AttemptCounters counters = one_set();
  std::uint32_t guesses = 0;
  for (std::uint64_t stranger = 1; stranger < 5000; ++stranger) {
    guesses += admitted(counters, alice, start, 5, 1);
    for (std::uint64_t i = 0; i < 16; ++i) admitted(counters, stranger * 16 + i, start, 5, 4);
  }
  EXPECT_LE(guesses, 5U);
}

// The one who fills the set signs in to an account of their own to clear the debt that it took over.
TEST(AttemptCounters, ASuccessOfTheDisplacerWinsNoGuess) {
  AttemptCounters counters = one_set();
  for (std::uint64_t stranger = 1; stranger <= 7; ++stranger) ASSERT_EQ(admitted(counters, stranger, start), 5U);
  std::uint32_t guesses = 0;
  for (std::uint64_t own = 100; own < 200; ++own) {
    guesses += admitted(counters, alice, start, 5, 4);
    if (counters.reserve(own, 5, window, start).admitted) counters.forget(own);
  }
  EXPECT_LE(guesses, 5U);
}

TEST(AttemptCounters, AFullSetGivesUpTheKeyWithTheFewestFailures) {
  AttemptCounters counters = one_set();
  for (std::uint64_t key = 1; key <= 8; ++key) admitted(counters, key, start, 5, key == 6 ? 1 : 3);
  EXPECT_TRUE(counters.reserve(9, 5, window, start).admitted);
  for (std::uint64_t key = 1; key <= 8; ++key) {
    EXPECT_EQ(admitted(counters, key, start), key == 6 ? 3U : 2U) << key;  // the sixth comes back
  }
}

TEST(AttemptCounters, WhereAllAreLimitedNewKeysAreRefusedUntilTheFirstIsFree) {
  AttemptCounters counters = one_set();
  for (std::uint64_t key = 1; key <= 8; ++key) {
    ASSERT_EQ(admitted(counters, key, start + static_cast<std::int64_t>(key) * minute), 5U);
  }
  const Attempt refused = counters.reserve(alice, 5, window, start + 9 * minute);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after_ns, 7 * minute);
  EXPECT_EQ(admitted(counters, alice, start + window + minute), 5U);
}

TEST(AttemptCounters, AWindowThatIsOverLeavesItsPlace) {
  AttemptCounters counters = one_set();
  for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_EQ(admitted(counters, key, start), 5U);
  for (std::uint64_t key = 11; key <= 18; ++key) EXPECT_EQ(admitted(counters, key, start + window), 5U) << key;
}

TEST(AttemptCounters, LimitsOfSourcesAndAccountsShareTheTable) {
  AttemptCounters counters = one_set();
  for (std::uint64_t source = 1; source <= 8; ++source) ASSERT_EQ(admitted(counters, source, start, 20, 10), 10U);
  EXPECT_EQ(admitted(counters, alice, start), 5U);
}

}  // namespace
}  // namespace sallyport::store
