// The table of rates and windows: what each admits, what comes back, and what happens when keys share a set or threads race.
#include "limits/limit_table.hpp"

#include "support/expect_quota.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace sallyport::limits {
namespace {

using sallyport::testing::expect_quota;

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t step = 1 << 20;
constexpr std::int64_t start = 5 * second;
constexpr std::int64_t longest = LimitTable::longest_ns;

// Keys are hashes: well mixed.
std::uint64_t hashed(std::uint64_t n) {
  n *= 0x9e3779b97f4a7c15;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9;
  n = (n ^ (n >> 27)) * 0x94d049bb133111eb;
  return n ^ (n >> 31);
}

// Ten per second, a hundred at once.
Charge rate(std::uint64_t key = hashed(7), std::uint32_t cost = 1) {
  return {key, Counting::gcra, 100, 10 * second, cost};
}
// Five a minute.
Charge window(std::uint64_t key = hashed(7), std::uint32_t cost = 1) {
  return {key, Counting::fixed_window, 5, minute, cost};
}

std::uint32_t admitted(LimitTable& table, const Charge& charge, std::int64_t now, int tries = 1000) {
  std::uint32_t count = 0;
  for (int i = 0; i < tries; ++i) count += table.charge(charge, now).admitted;
  return count;
}

// --- Steady rates

TEST(LimitTable, ARateAdmitsTheBurstAndCountsItDown) {
  LimitTable table;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const Quota quota = table.charge(rate(), start);
    ASSERT_TRUE(quota.admitted) << i;
    EXPECT_EQ(quota.remaining, 99 - i);
    EXPECT_EQ(quota.reset_ns, (i + 1) * second / 10);
    EXPECT_EQ(quota.retry_after_ns, 0);
  }
  const Quota refused = table.charge(rate(), start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.retry_after_ns, second / 10);
  EXPECT_EQ(refused.reset_ns, 10 * second);
}

TEST(LimitTable, ARateThenAdmitsTheSteadyRateToTheNanosecond) {
  LimitTable table;
  ASSERT_EQ(admitted(table, rate(), start), 100U);
  std::int64_t now = start;
  for (int i = 0; i < 50; ++i) {
    now += table.charge(rate(), now).retry_after_ns;
    EXPECT_FALSE(table.charge(rate(), now - 1).admitted);
    EXPECT_TRUE(table.charge(rate(), now).admitted);
  }
  EXPECT_EQ(now, start + 50 * second / 10);
}

TEST(LimitTable, RefusedRequestsCostNothing) {
  LimitTable table;
  ASSERT_EQ(admitted(table, rate(), start), 100U);
  ASSERT_EQ(admitted(table, rate(), start, 100'000), 0U);
  EXPECT_EQ(admitted(table, rate(), start + second), 10U);
}

TEST(LimitTable, TheWholeBurstIsThereAgainAfterReset) {
  LimitTable table;
  ASSERT_EQ(admitted(table, rate(), start), 100U);
  const std::int64_t reset = table.charge(rate(), start).reset_ns;
  EXPECT_EQ(admitted(table, rate(), start + reset), 100U);
}

TEST(LimitTable, ARateNeverAdmitsADoubleBurst) {
  LimitTable table;
  std::uint32_t count = 0;
  for (std::int64_t t = 0; t <= 20 * second; t += second / 1000) count += admitted(table, rate(), start + t, 2);
  EXPECT_EQ(count, 100U + 200U);
}

TEST(LimitTable, ARequestOfARateMayCostMore) {
  LimitTable table;
  const Quota quota = table.charge(rate(hashed(7), 30), start);
  EXPECT_EQ(quota.remaining, 70U);
  EXPECT_EQ(quota.reset_ns, 3 * second);
  EXPECT_EQ(admitted(table, rate(hashed(7), 30), start), 2U);
  const Quota refused = table.charge(rate(hashed(7), 30), start);
  EXPECT_EQ(refused.remaining, 10U);
  EXPECT_EQ(refused.retry_after_ns, 2 * second);
  EXPECT_TRUE(table.charge(rate(hashed(7), 10), start).admitted);  // what is left is not lost
}

TEST(LimitTable, WhatARateGetsBackAtOnceIsAllOfIt) {
  LimitTable table;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(table.charge(rate(hashed(7), 60), start).admitted);
    table.give_back(rate(hashed(7), 60), start, start);
  }
  EXPECT_EQ(table.ask(rate(), start).reset_ns, 0);
  EXPECT_EQ(admitted(table, rate(), start), 100U);
}

// A hundred requests held back until their share has come back by itself must not clear the way for a second hundred.
TEST(LimitTable, WhatTimeHasGivenBackIsNotGivenBackAgain) {
  for (const std::int64_t later : {5 * second, 9 * second + 9 * second / 10, 10 * second, 60 * second}) {
    LimitTable table;
    ASSERT_EQ(admitted(table, rate(), start), 100U);
    const std::uint32_t fresh = admitted(table, rate(), start + later);
    for (int i = 0; i < 100; ++i) table.give_back(rate(), start, start + later);
    EXPECT_EQ(fresh + admitted(table, rate(), start + later), later >= 10 * second ? 100U : later * 10 / second);
  }
}

TEST(LimitTable, ARateThatIsUsedUpSaysSo) {
  LimitTable table;
  ASSERT_EQ(admitted(table, rate(), start), 100U);
  for (int i = 0; i < 2; ++i) expect_quota(table.charge(rate(), start), false, 0, second / 10, 10 * second);
  expect_quota(table.ask(rate(), start), false, 0, second / 10, 10 * second);
  expect_quota(table.ask(rate(), start + second), true, 10, 0, 9 * second);
  expect_quota(table.charge(rate(), start + 10 * second), true, 99, 0, second / 10);
}

// The interval is rounded up: never more than the limit.
TEST(LimitTable, ARateThatDoesNotDivideItsPeriodIsSlower) {
  const std::pair<std::int64_t, std::int64_t> cases[] = {{9, 3}, {10, 4}, {11, 4}, {12, 4}, {13, 5}};
  for (const auto& [period, interval] : cases) {
    LimitTable table;
    const Charge three{hashed(7), Counting::gcra, 3, period};
    expect_quota(table.charge(three, start), true, 2, 0, interval);
    EXPECT_EQ(admitted(table, three, start), 2U);
    expect_quota(table.charge(three, start), false, 0, interval, 3 * interval);
  }
}

TEST(LimitTable, WhatTimeHasNotGivenBackYetComesBackToTheNanosecond) {
  const std::int64_t interval = second / 10;
  for (const std::int64_t later : {std::int64_t{0}, interval / 2, interval - 1, interval, interval + 1}) {
    LimitTable table;
    ASSERT_EQ(admitted(table, rate(), start, 2), 2U);
    table.give_back(rate(), start, start + later);
    EXPECT_EQ(table.ask(rate(), start).reset_ns, later < interval ? interval + later : 2 * interval);
  }
  // The clocks of two loops differ a little: nothing comes back twice for it.
  LimitTable table;
  ASSERT_EQ(admitted(table, rate(), start, 2), 2U);
  table.give_back(rate(), start, start - second);
  EXPECT_EQ(table.ask(rate(), start).reset_ns, interval);
}

// --- Windows

TEST(LimitTable, AWindowCountsDownAndTurns) {
  LimitTable table;
  for (std::uint32_t i = 0; i < 5; ++i) {
    const Quota quota = table.charge(window(), start + i * second);
    ASSERT_TRUE(quota.admitted);
    EXPECT_EQ(quota.remaining, 4 - i);
    EXPECT_EQ(quota.retry_after_ns, 0);
    EXPECT_NEAR(static_cast<double>(quota.reset_ns), static_cast<double>(minute - i * second), 2.0 * step);
    EXPECT_LE(quota.reset_ns, minute);
  }
  const Quota refused = table.charge(window(), start + 5 * second);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 0U);
  EXPECT_EQ(refused.reset_ns, refused.retry_after_ns);
  const std::int64_t turn = start + 5 * second + refused.retry_after_ns;
  EXPECT_GT(turn, start + minute);
  EXPECT_LE(turn, start + minute + 2 * step);
  EXPECT_EQ(admitted(table, window(), turn - 1), 0U);
  EXPECT_EQ(admitted(table, window(), turn), 5U);
}

TEST(LimitTable, AWindowIsNeverShorterThanItsPeriodAndTwoStepsLongerAtMost) {
  for (const std::int64_t period : {std::int64_t{1}, std::int64_t{step}, std::int64_t{step + 1}, second, minute}) {
    for (std::int64_t offset = -3; offset <= 3; ++offset) {
      LimitTable table;
      const std::int64_t now = 5000 * std::int64_t{step} + offset;
      const Charge once{hashed(7), Counting::fixed_window, 1, period};
      ASSERT_TRUE(table.charge(once, now).admitted);
      const std::int64_t length = table.charge(once, now).retry_after_ns;
      EXPECT_GT(length, period);
      EXPECT_LE(length, period + 2 * step);
      EXPECT_FALSE(table.charge(once, now + length - 1).admitted);
      EXPECT_TRUE(table.charge(once, now + length).admitted);
    }
  }
}

TEST(LimitTable, ARequestOfAWindowMayCostMore) {
  LimitTable table;
  EXPECT_EQ(table.charge(window(hashed(7), 3), start).remaining, 2U);
  const Quota refused = table.charge(window(hashed(7), 3), start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.remaining, 2U);
  EXPECT_EQ(table.charge(window(hashed(7), 2), start).remaining, 0U);
}

TEST(LimitTable, WhatAWindowGetsBackIsCountedNoMore) {
  LimitTable table;
  ASSERT_EQ(admitted(table, window(), start), 5U);
  table.give_back(window(hashed(7), 2), start, start + 59 * second);
  EXPECT_EQ(admitted(table, window(), start + 59 * second), 2U);
}

TEST(LimitTable, AWindowThatGotEverythingBackBeginsWithTheNextRequest) {
  LimitTable table;
  ASSERT_TRUE(table.charge(window(), start).admitted);
  table.give_back(window(), start, start);
  EXPECT_EQ(table.ask(window(), start).reset_ns, 0);
  ASSERT_EQ(admitted(table, window(), start + 50 * second), 5U);
  EXPECT_EQ(admitted(table, window(), start + 100 * second), 0U);
  for (int i = 0; i < 50; ++i) table.give_back(window(), start + 50 * second, start + 100 * second);
  EXPECT_EQ(admitted(table, window(), start + 100 * second), 5U);  // no more than was taken
}

TEST(LimitTable, WhatComesBackAfterTheTurnDoesNotHelpTheNextWindow) {
  LimitTable table;
  ASSERT_EQ(admitted(table, window(), start), 5U);
  const std::int64_t turn = start + table.charge(window(), start).retry_after_ns;
  const std::int64_t last = turn - 1;  // the last instant in which the window that ends would have admitted somebody
  ASSERT_EQ(admitted(table, window(), turn), 5U);
  for (int i = 0; i < 5; ++i) table.give_back(window(), start, turn);
  for (int i = 0; i < 5; ++i) table.give_back(window(), last, turn);
  EXPECT_EQ(admitted(table, window(), turn), 0U);
  table.give_back(window(), turn, turn);
  EXPECT_EQ(admitted(table, window(), turn), 1U);
}

// --- Both

TEST(LimitTable, ACostAboveTheLimitIsNeverAdmitted) {
  LimitTable table;
  for (Charge charge : {rate(), window()}) {
    for (const std::uint32_t cost : {charge.limit + 1, 2 * charge.limit, std::numeric_limits<std::uint32_t>::max()}) {
      charge.cost = cost;
      const Quota quota = table.charge(charge, start);
      EXPECT_FALSE(quota.admitted);
      EXPECT_EQ(quota.remaining, charge.limit);
      EXPECT_EQ(quota.retry_after_ns, charge.period_ns);
      table.give_back(charge, start, start);
    }
    charge.cost = 0;  // counts as 1
    EXPECT_EQ(admitted(table, charge, start), charge.limit);
  }
}

TEST(LimitTable, ALimitOfNothingAdmitsNobody) {
  LimitTable table;
  for (Charge charge : {rate(), window()}) {
    charge.limit = 0;
    expect_quota(table.charge(charge, start), false, 0, charge.period_ns, 0);
    expect_quota(table.ask(charge, start), false, 0, charge.period_ns, 0);
  }
}

TEST(LimitTable, ACostAboveTheLimitSaysWhatIsLeft) {
  LimitTable table;
  ASSERT_EQ(admitted(table, rate(), start, 40), 40U);
  expect_quota(table.charge(rate(hashed(7), 101), start), false, 60, 10 * second, 4 * second);
  ASSERT_EQ(admitted(table, window(), start, 2), 2U);
  const Quota quota = table.charge(window(hashed(7), 6), start + second);
  EXPECT_FALSE(quota.admitted);
  EXPECT_EQ(quota.remaining, 3U);
  EXPECT_EQ(quota.retry_after_ns, minute);
  const Charge one{hashed(8), Counting::fixed_window, 1, minute, 3};
  expect_quota(table.charge(one, start), false, 1, minute, 0);
}

TEST(LimitTable, SetsAreOfEightAndAPowerOfTwo) {
  const std::pair<std::size_t, std::size_t> cases[] = {
      {0, 1}, {1, 1}, {8, 1}, {9, 2}, {16, 2}, {17, 4}, {1 << 17, 1 << 14}};
  for (const auto& [slots, sets] : cases) EXPECT_EQ(LimitTable::sets_for(slots), sets) << slots;
}

// Which half of the table a limit's slots are in: rates that are back within a minute have the even sets.
TEST(LimitTable, SteadyRatesOfAMinuteHaveAHalfOfTheirOwn) {
  struct Case {
    Counting counting;
    std::int64_t period;
    bool even;
  };
  for (const Case& c :
       {Case{Counting::gcra, second, true}, Case{Counting::gcra, minute, true}, Case{Counting::gcra, minute + 1, false},
        Case{Counting::fixed_window, second, false}, Case{Counting::fixed_window, minute, false}}) {
    for (std::uint64_t key = 1; key <= 20; ++key) {
      std::array<LimitTable::Set, 4> memory{};
      LimitTable table{std::span(memory)};
      ASSERT_TRUE(table.charge({hashed(key), c.counting, 5, c.period}, start).admitted);
      std::size_t used = 0;
      for (std::size_t set = 0; set < memory.size(); ++set) {
        for (const auto& slot : memory[set].slots) {
          if (slot.key == 0) continue;
          ++used;
          EXPECT_EQ(set % 2 == 0, c.even) << key;
        }
      }
      EXPECT_EQ(used, 1U);
    }
  }
}

// Two limits of one client are two keys, whichever numbers they have; so are a rate and a window with the same numbers.
TEST(LimitTable, LimitsOfOneClientAreToldApart) {
  LimitTable table(8);
  const Charge charges[] = {{hashed(7), Counting::gcra, 5, minute},
                            {hashed(7), Counting::fixed_window, 5, minute},
                            {hashed(7), Counting::gcra, 6, minute},
                            {hashed(7), Counting::gcra, 5, 2 * minute},
                            {hashed(7), Counting::fixed_window, 5, 2 * minute}};
  for (const Charge& charge : charges) EXPECT_EQ(admitted(table, charge, start), charge.limit);
}

TEST(LimitTable, AKeyOfZeroIsAKey) {
  for (std::uint32_t limit = 1; limit <= 300; ++limit) {
    for (const Counting counting : {Counting::gcra, Counting::fixed_window}) {
      std::array<LimitTable::Set, 1> memory{};
      LimitTable table{std::span(memory)};
      EXPECT_EQ(admitted(table, {0, counting, limit, minute}, start), limit);
      std::size_t used = 0;
      for (const auto& slot : memory[0].slots) used += slot.key != 0;
      EXPECT_EQ(used, 1U) << limit;
    }
  }
}

TEST(LimitTable, ASlotIsFreeInTheInstantInWhichItsTimeHasCome) {
  LimitTable table(8);
  for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_TRUE(table.charge(rate(hashed(key)), start).admitted);
  EXPECT_EQ(admitted(table, rate(hashed(9)), start + second / 10 - 1), 99U);  // shares one
  EXPECT_EQ(admitted(table, rate(hashed(10)), start + second / 10), 100U);
}

// A window is over a little before its slot is free: the count stands in the last nanoseconds. Nobody begins one in there.
TEST(LimitTable, AWindowThatIsOverIsNotSharedAnyMore) {
  LimitTable table(8);
  for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_EQ(admitted(table, window(hashed(key)), start), 5U);
  const std::int64_t end = start + table.charge(window(hashed(1)), start).retry_after_ns;
  expect_quota(table.charge(window(hashed(9)), end), false, 0, 5, 0);
  expect_quota(table.charge(window(hashed(9)), end + 4), false, 0, 1, 0);
  EXPECT_EQ(admitted(table, window(hashed(9)), end + 5), 5U);
}

TEST(LimitTable, WhereNoSlotCanBeSharedTheFirstThatIsFreeIsWaitedFor) {
  LimitTable table(8);
  std::int64_t first = INT64_MAX;
  for (std::uint64_t key = 1; key <= 8; ++key) {
    const auto now = start + static_cast<std::int64_t>(key) * second;
    ASSERT_EQ(admitted(table, window(hashed(key)), now), 5U);
    first = std::min(first, now + table.charge(window(hashed(key)), now).retry_after_ns);
  }
  const std::int64_t now = start + 10 * second;
  // The slot's time is the end of the window and its count.
  expect_quota(table.charge(rate(), now), false, 0, first + 5 - now, first + 5 - now);
  EXPECT_TRUE(table.charge(rate(), first + 5).admitted);
}

// What another key left in a slot in the same instant is taken for a debt up to a minute, which a loop's clock may be late, and
// then cleared: never by asking.
TEST(LimitTable, ADebtThatNobodyCanHaveIsCleared) {
  const auto slot_of = [](std::array<LimitTable::Set, 1>& memory) {
    for (auto& slot : memory[0].slots)
      if (slot.key != 0) return &slot;
    return static_cast<LimitTable::Slot*>(nullptr);
  };
  for (const std::int64_t more : {0, 1}) {
    std::array<LimitTable::Set, 1> memory{};
    LimitTable table{std::span(memory)};
    ASSERT_TRUE(table.charge(rate(), start).admitted);
    const std::int64_t debt = 10 * second + minute + more;
    slot_of(memory)->state = start + debt;
    expect_quota(table.ask(rate(), start), false, 0, debt - 10 * second + second / 10, debt);
    const std::int64_t stays = more == 0 ? debt : 10 * second;
    expect_quota(table.charge(rate(), start), false, 0, stays - 10 * second + second / 10, stays);
    expect_quota(table.charge(rate(), start), false, 0, stays - 10 * second + second / 10, stays);
  }
  for (const std::int64_t more : {0, 1}) {
    std::array<LimitTable::Set, 1> memory{};
    LimitTable table{std::span(memory)};
    const std::int64_t end = 200'000 * step;
    const std::int64_t now = end - 2 * minute - more;
    ASSERT_TRUE(table.charge(window(), now).admitted);
    slot_of(memory)->state = end + 5;
    expect_quota(table.ask(window(), now), false, 0, end - now, minute);
    const Quota quota = table.charge(window(), now);
    EXPECT_FALSE(quota.admitted);
    EXPECT_EQ(quota.remaining, 0U);
    EXPECT_EQ(quota.reset_ns, minute);
    if (more == 0) {
      EXPECT_EQ(quota.retry_after_ns, end - now);
    } else {
      EXPECT_EQ(quota.retry_after_ns, (now / step + (minute + step - 1) / step + 1) * step - now);
      EXPECT_EQ(admitted(table, window(), now + quota.retry_after_ns), 5U);
    }
  }
}

TEST(LimitTable, AskingCountsNothing) {
  LimitTable table;
  for (const Charge& charge : {rate(), window()}) {
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(table.ask(charge, start).admitted);
    expect_quota(table.ask(charge, start), true, charge.limit, 0, 0);
    ASSERT_EQ(admitted(table, charge, start), charge.limit);
    EXPECT_FALSE(table.ask(charge, start).admitted);
    EXPECT_EQ(table.ask(charge, start).retry_after_ns, table.charge(charge, start).retry_after_ns);
  }
}

TEST(LimitTable, HostileNumbersAreCutToBounds) {
  LimitTable table;
  constexpr std::uint32_t much = std::numeric_limits<std::uint32_t>::max();
  constexpr std::int64_t ever = std::numeric_limits<std::int64_t>::max();
  std::uint64_t key = 1;
  for (const Counting counting : {Counting::gcra, Counting::fixed_window}) {
    const std::uint32_t most = counting == Counting::gcra ? LimitTable::largest_rate : LimitTable::largest_window;
    for (const std::uint32_t limit : {0U, 1U, most - 1, most, much}) {
      for (const std::int64_t period : {-ever, std::int64_t{0}, std::int64_t{1}, longest, ever}) {
        const std::uint32_t counted = std::min(limit, most);
        const Charge all{hashed(++key), counting, limit, period, counted};
        EXPECT_EQ(table.charge(all, start).admitted, limit != 0);
        const Quota quota = table.charge({all.key, counting, limit, period}, start);
        EXPECT_FALSE(quota.admitted);
        EXPECT_GT(quota.retry_after_ns, 0);
        EXPECT_LE(quota.retry_after_ns, longest + 2 * std::int64_t{step});
        EXPECT_FALSE(table.charge({all.key, counting, limit, period, much}, start).admitted);
        table.give_back(all, start, start);
        EXPECT_EQ(table.charge(all, start).admitted, limit != 0);
        table.give_back(all, start, longest);
      }
    }
  }
}

TEST(LimitTable, KeysAndLimitsDoNotTouchEachOther) {
  LimitTable table;
  for (std::uint64_t key = 1; key < 200; ++key) {
    EXPECT_EQ(admitted(table, rate(hashed(key)), start), 100U) << key;
    EXPECT_EQ(admitted(table, window(hashed(key)), start), 5U) << key;
  }
}

TEST(LimitTable, StrangersNeverFreeALimitedKey) {
  for (Charge charge : {rate(), window()}) {
    LimitTable table(8);  // one set
    ASSERT_EQ(admitted(table, charge, start), charge.limit);
    std::uint32_t to_strangers = 0;
    for (std::uint64_t stranger = 100; stranger < 20'000; ++stranger) {
      Charge other = charge;
      other.key = hashed(stranger);
      to_strangers += table.charge(other, start).admitted;
      ASSERT_FALSE(table.charge(charge, start).admitted) << stranger;
    }
    EXPECT_LE(to_strangers, 7U * charge.limit);
  }
}

TEST(LimitTable, AKeyWithoutASlotOfItsOwnGetsOneBurstNotOneOfEachSlot) {
  for (std::uint64_t latecomer = 1000; latecomer < 1020; ++latecomer) {
    LimitTable table(8);
    for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_TRUE(table.charge(rate(hashed(key)), start).admitted);
    EXPECT_LE(admitted(table, rate(hashed(latecomer)), start), 99U);
    EXPECT_LE(admitted(table, rate(hashed(latecomer)), start + second / 20), 1U);  // the slot's owner used one
  }
}

TEST(LimitTable, SlotsAreSharedWithinALimitOnly) {
  LimitTable table(8);
  for (std::uint64_t key = 1; key <= 8; ++key) ASSERT_TRUE(table.charge(window(hashed(key)), start).admitted);
  EXPECT_EQ(admitted(table, window(hashed(9)), start), 4U);
  const Quota refused = table.charge(rate(hashed(9)), start);
  EXPECT_FALSE(refused.admitted);
  EXPECT_GT(refused.retry_after_ns, 59 * second);
  Charge other = window(hashed(9));
  other.period_ns = 2 * minute;
  EXPECT_FALSE(table.charge(other, start).admitted);
  for (std::uint64_t key = 1; key <= 8; ++key) table.give_back(window(hashed(9)), start, start);  // of nobody's slot
  EXPECT_EQ(admitted(table, window(hashed(9)), start), 0U);
}

TEST(LimitTable, TheOnlySlotOfALimitIsFoundWhereverItIs) {
  for (std::uint64_t place = 0; place < LimitTable::ways; ++place) {
    for (std::uint64_t first = 0; first < LimitTable::ways; ++first) {
      LimitTable table(LimitTable::ways);
      for (std::uint64_t i = 0; i < LimitTable::ways; ++i) {
        Charge charge = window(hashed(100 + i));
        if (i != place) charge.limit = 6;
        ASSERT_TRUE(table.charge(charge, start).admitted);
      }
      const Quota quota = table.charge(window(first << 61 | hashed(500) >> 3), start);
      EXPECT_TRUE(quota.admitted) << place << ' ' << first;
      EXPECT_EQ(quota.remaining, 3U) << "shared with the one that is there";
    }
  }
}

TEST(LimitTable, SlotsThatLiveForHoursLeaveHalfToSteadyRates) {
  LimitTable table(64);
  Charge hourly = window();
  hourly.period_ns = 60 * minute;
  for (std::uint64_t key = 1; key <= 500; ++key) {
    hourly.key = hashed(key);
    (void)table.charge(hourly, start);
  }
  for (std::uint64_t key = 1; key <= 8; ++key) EXPECT_EQ(admitted(table, rate(hashed(key)), start), 100U) << key;
}

TEST(LimitTable, ASlotWhoseTimeHasPassedIsUsedAgain) {
  for (const Charge& charge : {rate(), window()}) {
    LimitTable table(8);
    for (std::uint64_t key = 1; key <= 8; ++key) {
      Charge one = charge;
      one.key = hashed(key);
      ASSERT_EQ(admitted(table, one, start), charge.limit);
      one.key = hashed(key + 10);
      EXPECT_EQ(admitted(table, one, start + (std::int64_t{2} << 20) + charge.period_ns + charge.limit), charge.limit);
    }
  }
}

TEST(LimitTable, NobodyIsShutOutForLongerThanAPeriodAndAMinute) {
  for (const Charge& charge : {rate(), window()}) {
    std::array<LimitTable::Set, 1> memory{};
    LimitTable table{std::span(memory)};
    ASSERT_TRUE(table.charge(charge, start).admitted);
    for (auto& slot : memory[0].slots) {
      if (slot.key != 0) slot.state = start + longest;  // what a key of another limit left in the same instant
    }
    std::int64_t now = start;
    while (!table.charge(charge, now).admitted) {
      const std::int64_t wait = table.charge(charge, now).retry_after_ns;
      ASSERT_LE(wait, charge.period_ns + 2 * step);
      now += wait;
    }
    EXPECT_LE(now, start + charge.period_ns + minute);
  }
}

// --- Threads

std::uint32_t admitted_to_threads(LimitTable& table, const std::vector<Charge>& charge_of_thread, std::int64_t now) {
  std::atomic<std::uint32_t> count{0};
  std::barrier together(static_cast<std::ptrdiff_t>(charge_of_thread.size()));
  std::vector<std::thread> threads;
  for (const Charge& charge : charge_of_thread) {
    threads.emplace_back([&, charge] {
      together.arrive_and_wait();
      count += admitted(table, charge, now, 200);
    });
  }
  for (auto& thread : threads) thread.join();
  return count;
}

TEST(LimitTableThreads, OfOneClientGetOneLimit) {
  for (const Charge& charge : {rate(), window()}) {
    LimitTable table(8);
    for (int round = 0; round < 50; ++round) {
      EXPECT_EQ(admitted_to_threads(table, std::vector<Charge>(8, charge), start + round * 2 * minute), charge.limit);
    }
  }
}

TEST(LimitTableThreads, OfManyClientsGetNoMoreThanTheSetHolds) {
  for (const Charge& charge : {rate(), window()}) {
    std::vector<Charge> charges(16, charge);
    for (std::uint64_t i = 0; i < charges.size(); ++i) charges[i].key = hashed(i + 1);
    for (int round = 0; round < 20; ++round) {
      LimitTable table(8);
      EXPECT_LE(admitted_to_threads(table, charges, start), 8U * charge.limit);
    }
  }
}

TEST(LimitTableThreads, ThatGiveBackWhatTheyTookNeverAdmitMoreThanTheLimitAtOnce) {
  LimitTable table(8);
  std::atomic<int> under_way{0};
  std::atomic<int> most{0};
  std::barrier together(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      together.arrive_and_wait();
      for (int round = 0; round < 20'000; ++round) {
        const Charge two = window(hashed(7), 2);
        if (!table.charge(two, start).admitted) continue;
        const int now_under_way = under_way += 2;
        int seen = most;
        while (seen < now_under_way && !most.compare_exchange_weak(seen, now_under_way)) continue;
        under_way -= 2;
        table.give_back(two, start, start);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(most, 4);
  EXPECT_EQ(admitted(table, window(), start), 5U);
}

TEST(LimitTableThreads, OfStrangersNeverFreeALimitedKey) {
  for (int round = 0; round < 20; ++round) {
    LimitTable table(8);
    ASSERT_EQ(admitted(table, rate(hashed(42)), start), 100U);
    std::atomic<std::uint32_t> freed{0};
    std::vector<std::thread> threads;
    for (std::uint64_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&, thread] {
        for (std::uint64_t i = 1; i < 2000; ++i) {
          (void)table.charge(rate(hashed(thread * 2000 + i + 100)), start);
          freed += table.charge(rate(hashed(42)), start).admitted;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(freed, 0U);
  }
}

}  // namespace
}  // namespace sallyport::limits
