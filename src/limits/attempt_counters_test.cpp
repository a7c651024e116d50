// The counters behind `attempts`: windows, growing delays, successes, threads that guess together, attackers who fill it.
#include "limits/attempt_counters.hpp"

#include "support/expect_quota.hpp"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <latch>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sallyport::limits {
namespace {

using sallyport::testing::expect_quota;

constexpr std::int64_t minute = 60'000'000'000;
constexpr std::int64_t window = 15 * minute;
constexpr std::int64_t start = 1000 * minute;
constexpr std::uint64_t alice = 0x1234'5678'9abc'def0;

Charge attempt(std::uint64_t key, std::uint32_t max = 5, std::uint32_t cost = 1) {
  return {key, Counting::failures, max, window, cost};
}

std::uint32_t admitted(AttemptCounters& counters, std::uint64_t key, std::int64_t now, std::uint32_t max = 5,
                       int tries = 50) {
  std::uint32_t count = 0;
  for (int i = 0; i < tries; ++i) count += counters.charge(attempt(key, max), now).admitted;
  return count;
}

// A table of one set, so that all keys meet in it.
AttemptCounters one_set() { return AttemptCounters(8); }

TEST(AttemptCounters, AdmitsMaxAndTellsHowLongToWait) {
  AttemptCounters counters;
  for (int i = 0; i < 5; ++i) {
    const Quota quota = counters.charge(attempt(alice), start + i * minute);
    EXPECT_TRUE(quota.admitted);
    EXPECT_EQ(quota.retry_after_ns, 0);
  }
  const Quota refused = counters.charge(attempt(alice), start + 5 * minute);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after_ns, 14 * minute);  // a whole period from the fifth on
}

TEST(AttemptCounters, TheWindowBeginsWithTheFirstFailureAndEndsOnTheNanosecond) {
  AttemptCounters counters;
  ASSERT_EQ(admitted(counters, alice, start), 5U);
  EXPECT_EQ(admitted(counters, alice, start + window - 1), 0U);
  EXPECT_EQ(counters.charge(attempt(alice), start + window - 1).retry_after_ns, 1);
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
    ASSERT_TRUE(counters.charge(attempt(alice), start).admitted);
    counters.give_back(attempt(alice), start);
  }
  EXPECT_EQ(admitted(counters, alice, start), 5U);
  counters.give_back(attempt(alice), start);
  EXPECT_EQ(admitted(counters, alice, start), 1U);
}

TEST(AttemptCounters, ASuccessDoesNotBeginTheWindow) {
  AttemptCounters counters;
  ASSERT_TRUE(counters.charge(attempt(alice), start).admitted);
  counters.give_back(attempt(alice), start);
  ASSERT_EQ(admitted(counters, alice, start + 14 * minute), 5U);
  EXPECT_EQ(admitted(counters, alice, start + window), 0U);
  EXPECT_EQ(admitted(counters, alice, start + 14 * minute + window), 5U);
}

TEST(AttemptCounters, NoMoreComesBackThanWasTaken) {
  AttemptCounters counters;
  ASSERT_TRUE(counters.charge(attempt(alice), start).admitted);
  for (int i = 0; i < 100; ++i) counters.give_back(attempt(alice), start);
  EXPECT_EQ(admitted(counters, alice, start), 5U);
  counters.give_back(attempt(alice + 1), start);  // never reserved
  counters.give_back(attempt(0), start);
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

TEST(AttemptCounters, ACostAboveTheLimitIsNeverAdmittedAndNoneCountsAsOne) {
  AttemptCounters counters;
  expect_quota(counters.charge(attempt(alice, 5, 6), start), false, 0, window, 0);
  expect_quota(counters.charge(attempt(alice, 5, 5), start), true, 0, 0, window);
  counters.forget(alice);
  expect_quota(counters.charge(attempt(alice, 5, 0), start), true, 4, 0, window);
  counters.give_back(attempt(alice, 5, 0), start);
  expect_quota(counters.ask(attempt(alice), start), true, 5, 0, 0);
}

TEST(AttemptCounters, AskingSaysWhatAChargeWould) {
  AttemptCounters counters;
  ASSERT_EQ(admitted(counters, alice, start, 5, 2), 2U);
  for (int i = 0; i < 3; ++i) expect_quota(counters.ask(attempt(alice), start + minute), true, 3, 0, 14 * minute);
  ASSERT_EQ(admitted(counters, alice, start, 5, 3), 3U);
  expect_quota(counters.ask(attempt(alice), start + minute), false, 0, 14 * minute, 14 * minute);
}

TEST(AttemptCounters, APeriodIsFourHundredDaysAtMost) {
  AttemptCounters counters;
  Charge ever = attempt(alice, 1);
  ever.period_ns = INT64_MAX;
  const std::int64_t longest = std::int64_t{400} * 24 * 60 * minute;
  expect_quota(counters.charge(ever, start), true, 0, 0, longest);
}

TEST(AttemptCounters, APeriodOfNothingIsANanosecond) {
  AttemptCounters counters;
  Charge at_once = attempt(alice, 1);
  at_once.period_ns = 0;
  expect_quota(counters.charge(at_once, start), true, 0, 0, 1);
  expect_quota(counters.charge(at_once, start), false, 0, 1, 1);
}

TEST(AttemptCounters, SetsAreOfEightAndAPowerOfTwo) {
  const std::pair<std::size_t, std::size_t> cases[] = {{0, 1}, {1, 1}, {8, 1}, {9, 2}, {16, 2}, {17, 4}, {65536, 8192}};
  for (const auto& [entries, sets] : cases) EXPECT_EQ(AttemptCounters::sets_for(entries), sets) << entries;
}

TEST(AttemptCounters, QuotasTellWhatIsLeft) {
  AttemptCounters counters;
  EXPECT_EQ(counters.ask(attempt(alice), start).remaining, 5U);
  EXPECT_EQ(counters.ask(attempt(alice), start).reset_ns, 0);
  const Quota quota = counters.charge(attempt(alice, 5, 2), start);
  EXPECT_EQ(quota.remaining, 3U);
  EXPECT_EQ(quota.reset_ns, window);
  const Quota refused = counters.charge(attempt(alice, 5, 4), start + minute);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 3U);
  EXPECT_EQ(refused.retry_after_ns, 14 * minute);
  EXPECT_FALSE(counters.charge(attempt(alice, 5, 6), start).admitted);
  EXPECT_EQ(counters.charge(attempt(alice, 5, 3), start + minute).remaining, 0U);
  EXPECT_EQ(counters.ask(attempt(alice), start + minute).retry_after_ns, window);
}

// --- The delay grows

std::int64_t wait(AttemptCounters& counters, std::int64_t now) {
  return counters.charge(attempt(alice), now).retry_after_ns;
}

// Uses it up, and returns when it opens again.
std::int64_t use_up(AttemptCounters& counters, std::int64_t now) {
  EXPECT_EQ(admitted(counters, alice, now), 5U);
  return now + wait(counters, now);
}

TEST(AttemptCounters, TheDelayDoublesUpToAnHour) {
  AttemptCounters counters;
  std::int64_t now = start;
  for (const std::int64_t minutes : {15, 30, 60, 60, 60, 60, 60}) {
    const std::int64_t open = use_up(counters, now);
    EXPECT_EQ(open - now, minutes * minute);
    EXPECT_FALSE(counters.charge(attempt(alice), open - 1).admitted);
    now = open;
  }
}

TEST(AttemptCounters, TheDelayOfALimitOfOneGrowsToo) {
  AttemptCounters counters;
  std::int64_t now = start;
  for (const std::int64_t minutes : {15, 30, 60, 60}) {
    ASSERT_TRUE(counters.charge(attempt(alice, 1), now).admitted);
    const Quota refused = counters.charge(attempt(alice, 1), now);
    EXPECT_FALSE(refused.admitted);
    EXPECT_EQ(refused.retry_after_ns, minutes * minute);
    now += refused.retry_after_ns;
  }
}

TEST(AttemptCounters, APeriodLongerThanAnHourIsTheDelay) {
  AttemptCounters counters;
  Charge once = attempt(alice, 1);
  once.period_ns = 100 * minute;
  for (std::int64_t i = 0; i < 5; ++i) {
    ASSERT_TRUE(counters.charge(once, start + i * once.period_ns).admitted);
    EXPECT_FALSE(counters.charge(once, start + (i + 1) * once.period_ns - 1).admitted);
  }
}

TEST(AttemptCounters, HostilePeriodsDoNotOverflow) {
  AttemptCounters counters;
  Charge once = attempt(alice, 1);
  std::int64_t now = start;
  for (const std::int64_t period : {INT64_MIN, std::int64_t{0}, std::int64_t{1}, INT64_MAX}) {
    once.period_ns = period;
    ++once.key;
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(counters.charge(once, now).admitted);
      now += counters.charge(once, now).retry_after_ns;
    }
  }
}

TEST(AttemptCounters, TheLevelIsRememberedForADay) {
  for (const std::int64_t later : {0 * minute, 24 * 60 * minute - 1, 24 * 60 * minute}) {
    AttemptCounters counters;
    const std::int64_t now = use_up(counters, use_up(counters, start)) + later;
    EXPECT_EQ(use_up(counters, now) - now, later < 24 * 60 * minute ? 60 * minute : 15 * minute);
  }
}

TEST(AttemptCounters, WindowsThatAreNotUsedUpDoNotProlongTheMemory) {
  AttemptCounters counters;
  const std::int64_t first = use_up(counters, start);
  std::int64_t now = first;
  for (; now < first + 24 * 60 * minute; now += 60 * minute) ASSERT_EQ(admitted(counters, alice, now, 5, 4), 4U);
  EXPECT_EQ(use_up(counters, now) - now, 15 * minute);
}

TEST(AttemptCounters, ASuccessEndsTheGrowth) {
  AttemptCounters counters;
  std::int64_t now = use_up(counters, use_up(counters, start));
  ASSERT_TRUE(counters.charge(attempt(alice), now).admitted);
  counters.forget(alice);
  EXPECT_EQ(use_up(counters, now) - now, 15 * minute);
  counters.forget(alice);  // while it is shut
  EXPECT_EQ(use_up(counters, now + minute) - now, 16 * minute);
}

TEST(AttemptCounters, WhatIsGivenBackOpensAgainAndNeverRaisedTheLevel) {
  AttemptCounters counters;
  ASSERT_EQ(admitted(counters, alice, start, 5, 4), 4U);
  for (std::int64_t i = 1; i <= 10; ++i) {  // none of these was an attempt
    ASSERT_TRUE(counters.charge(attempt(alice), start + i * minute).admitted);
    ASSERT_EQ(wait(counters, start + i * minute), window);
    counters.give_back(attempt(alice), start + i * minute);
  }
  // The window is the one that began with the first of the four, and a last failure shuts it for the first delay.
  EXPECT_EQ(counters.ask(attempt(alice), start + 11 * minute).reset_ns, 4 * minute);
  ASSERT_TRUE(counters.charge(attempt(alice), start + 11 * minute).admitted);
  EXPECT_EQ(wait(counters, start + 11 * minute), window);
}

TEST(AttemptCounters, WhatIsGivenBackAfterTheRestOfTheKeyIsNoLevelUnlessItHasBegunAnew) {
  for (const bool anew : {false, true}) {
    AttemptCounters counters;
    const std::int64_t open = use_up(counters, start);
    EXPECT_EQ(admitted(counters, alice, open, 5, anew ? 1 : 0), anew ? 1U : 0U);
    counters.give_back(attempt(alice), start);
    if (anew) {
      EXPECT_EQ(admitted(counters, alice, open), 4U);  // it does not help the window that has begun
      EXPECT_EQ(wait(counters, open), 30 * minute);
    } else {
      EXPECT_EQ(use_up(counters, open) - open, 15 * minute);
    }
  }
}

TEST(AttemptCounters, KeysAtRestThatRememberNoLevelAreTheFirstToGo) {
  AttemptCounters counters = one_set();
  for (std::uint64_t key = 1; key <= 8; ++key) admitted(counters, key, start, 5, key == 6 ? 1 : 5);
  const std::int64_t now = start + window;
  EXPECT_EQ(admitted(counters, alice, now, 5, 1), 1U);
  for (std::uint64_t key = 1; key <= 8; ++key) {
    if (key == 6) continue;
    ASSERT_EQ(admitted(counters, key, now), 5U);
    EXPECT_EQ(counters.ask(attempt(key), now).retry_after_ns, 30 * minute) << key;
  }
}

// One that signed in well meanwhile has nothing left to be remembered, though its level had been.
TEST(AttemptCounters, AKeyWhoseLevelWasForgottenIsTheFirstToGo) {
  AttemptCounters counters = one_set();
  for (std::uint64_t key = 1; key <= 8; ++key) {
    ASSERT_EQ(admitted(counters, key, start), 5U);
    ASSERT_EQ(admitted(counters, key, start + window, 5, 1), 1U);
  }
  counters.forget(6);
  const std::int64_t now = start + 2 * window;
  EXPECT_EQ(admitted(counters, alice, now, 5, 1), 1U);
  for (std::uint64_t key = 1; key <= 8; ++key) {
    if (key == 6) continue;
    ASSERT_EQ(admitted(counters, key, now), 5U);
    EXPECT_EQ(counters.ask(attempt(key), now).retry_after_ns, 30 * minute) << key;
  }
}

// --- Others at the same time

struct SharedCounters {
  AttemptCounters::Shards shards;
  AttemptCounters::Set sets[2];
};

// A process is killed while it holds the lock, having written nothing, its draft, and half of the entry.
TEST(AttemptCounters, AProcessKilledAtTheLockStopsNobodyAndLeavesNothingHalfWritten) {
  for (const int written : {0, 1, 2}) {
    void* const memory =
        ::mmap(nullptr, sizeof(SharedCounters), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    auto& shared = *static_cast<SharedCounters*>(memory);
    AttemptCounters::prepare(shared.shards);
    AttemptCounters counters(shared.shards, shared.sets);
    ASSERT_EQ(admitted(counters, alice, start, 5, 3), 3U);

    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto& set = shared.sets[alice & 1];
      auto& shard = shared.shards[alice & 1];
      std::size_t way = 0;
      while (set[way].key != alice) ++way;
      (void)::pthread_mutex_lock(&shard.mutex);
      shard.draft = set[way];
      shard.draft.left = 1;
      if (written > 0) shard.writing = (alice & 1) * 8 + way + 1;
      if (written > 1)
        set[way] = {{.began_ns = 0,
                     .window_end_ns = 0,
                     .shut_until_ns = 0,
                     .level_until_ns = 0,
                     .left = 5,
                     .max = 5,
                     .level = 0},
                    17};
      (void)::kill(::getpid(), SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));

    EXPECT_EQ(admitted(counters, alice, start), written == 0 ? 2U : 1U);
    counters.forget(alice);
    EXPECT_EQ(admitted(counters, alice, start), 5U);
    ::munmap(memory, sizeof(SharedCounters));
  }
}

struct GuardedCounters {
  AttemptCounters::Shards shards;
  AttemptCounters::Set sets[2];
  AttemptCounters::Set behind;
};

class SharedAttemptCounters : public ::testing::Test {
 protected:
  void SetUp() override {
    memory_ = ::mmap(nullptr, sizeof(GuardedCounters), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory_, MAP_FAILED);
    AttemptCounters::prepare(shared().shards);
  }
  void TearDown() override { ::munmap(memory_, sizeof(GuardedCounters)); }

  GuardedCounters& shared() { return *static_cast<GuardedCounters*>(memory_); }

  /// Runs `dying` in a process that holds the lock of set 1 and ends.
  template <class F>
  void die_at_the_lock(F&& dying) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      (void)::pthread_mutex_lock(&shared().shards[1].mutex);
      dying();
      ::_exit(0);
    }
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  }

 private:
  void* memory_ = nullptr;
};

// The last entry of the memory is completed from its draft like any other. The memory behind it is not written.
TEST_F(SharedAttemptCounters, ADraftIsWrittenIntoTheTableOnly) {
  AttemptCounters counters(shared().shards, shared().sets);
  for (std::uint64_t key = 1; key <= 15; key += 2) ASSERT_EQ(admitted(counters, key, start, 5, 1), 1U);
  ASSERT_EQ(shared().sets[1][7].key, 15U);
  for (const std::size_t writing : {std::size_t{16}, std::size_t{17}}) {
    die_at_the_lock([&] {
      shared().shards[1].draft = shared().sets[1][7];
      shared().shards[1].draft.left = 2;
      shared().shards[1].writing = writing;
    });
    EXPECT_EQ(counters.ask(attempt(15), start).remaining, 2U) << writing;
    EXPECT_EQ(shared().behind[0].key, 0U);
  }
  EXPECT_EQ(counters.ask(attempt(1), start).remaining, 4U);
}

// A lock whose holder died, and that was then released without repair, can't be locked any more: no attempt is admitted, and no caller waits for
// ever.
TEST_F(SharedAttemptCounters, BehindABrokenLockNobodyIsAdmitted) {
  AttemptCounters counters(shared().shards, shared().sets);
  die_at_the_lock([] {});
  ASSERT_EQ(::pthread_mutex_lock(&shared().shards[1].mutex), EOWNERDEAD);
  ::pthread_mutex_unlock(&shared().shards[1].mutex);
  expect_quota(counters.charge(attempt(1), start), false, 0, minute / 60, 0);
  expect_quota(counters.ask(attempt(1), start), false, 0, minute / 60, 0);
  counters.give_back(attempt(1), start);
  counters.forget(1);
  EXPECT_EQ(admitted(counters, 2, start), 5U);  // of another lock
}

TEST(AttemptCounters, AHundredThreadsGuessingOneAccountGetFiveGuesses) {
  AttemptCounters counters;
  std::atomic<std::uint32_t> count{0};
  std::latch ready(100);
  std::vector<std::thread> threads;
  for (int i = 0; i < 100; ++i) {
    threads.emplace_back([&] {
      ready.arrive_and_wait();
      count += counters.charge(attempt(alice), start).admitted;
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
        for (std::size_t key = 0; key < accounts; ++key) count[key] += counters.charge(attempt(key), start).admitted;
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
    ASSERT_FALSE(counters.charge(attempt(alice), start + minute).admitted) << stranger;
  }
  EXPECT_EQ(counters.charge(attempt(alice), start + minute).retry_after_ns, 14 * minute);
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
    if (counters.charge(attempt(own), start).admitted) counters.forget(own);
  }
  EXPECT_LE(guesses, 5U);
}

TEST(AttemptCounters, AFullSetGivesUpTheKeyWithTheFewestFailures) {
  AttemptCounters counters = one_set();
  for (std::uint64_t key = 1; key <= 8; ++key) admitted(counters, key, start, 5, key == 6 ? 1 : 3);
  EXPECT_TRUE(counters.charge(attempt(9), start).admitted);
  for (std::uint64_t key = 1; key <= 8; ++key) {
    EXPECT_EQ(admitted(counters, key, start), key == 6 ? 3U : 2U) << key;  // the sixth comes back
  }
}

TEST(AttemptCounters, TheDisplacerMayUseAllThatWasLeftAndNoMore) {
  for (const std::uint32_t cost : {3U, 4U}) {
    AttemptCounters counters = one_set();
    for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_EQ(admitted(counters, key, start, 5, 2), 2U);
    if (cost == 3) {
      expect_quota(counters.charge(attempt(alice, 5, cost), start + minute), true, 0, 0, window);
    } else {
      expect_quota(counters.charge(attempt(alice, 5, cost), start + minute), false, 0, 14 * minute, 14 * minute);
    }
  }
}

TEST(AttemptCounters, WhereAllAreLimitedNewKeysAreRefusedUntilTheFirstIsFree) {
  AttemptCounters counters = one_set();
  for (std::uint64_t key = 1; key <= 8; ++key) {
    ASSERT_EQ(admitted(counters, key, start + static_cast<std::int64_t>(key) * minute), 5U);
  }
  const Quota refused = counters.charge(attempt(alice), start + 9 * minute);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after_ns, 7 * minute);
  EXPECT_EQ(refused.reset_ns, 7 * minute);
  EXPECT_EQ(refused.remaining, 0U);
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
}  // namespace sallyport::limits
