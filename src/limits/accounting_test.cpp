// A million random schedules of charges, outcomes and time, with an exact account beside them: never more than the limit, and
// never refused where there is room, but for the slack that the stores' headers state.
#include "limits/local_limits.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <random>

#include <gtest/gtest.h>

namespace sallyport::limits {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::int64_t hour = 3600 * second;
constexpr std::int64_t step = 1 << 20;
constexpr std::size_t steps_of_schedule = 24;
constexpr int schedules = 250'000;  // by each of the four tests

// What was admitted of one key, in order.
struct Item {
  std::int64_t at = 0;
  std::int64_t cost = 0;
  bool counts = true;
  std::int64_t kept = 0;  ///< of a rate: what stays of a charge that was given back
};

// The account of one key, kept the long way: by going through everything that was admitted.
class Account {
 public:
  explicit Account(const Charge& charge)
      : rule_(charge), interval_((charge.period_ns + charge.limit - 1) / charge.limit) {}

  struct Opinion {
    bool must_refuse = false;
    bool must_admit = false;
  };
  [[nodiscard]] Opinion opinion(std::int64_t now, std::int64_t cost) const {
    if (rule_.counting == Counting::gcra) return of_rate(now, cost);
    const bool fits = cost + (now < end() ? used() : 0) <= rule_.limit;
    return {!fits, fits};
  }
  std::size_t admit(std::int64_t now, std::int64_t cost) {
    if (rule_.counting != Counting::gcra && (now >= end() || used() == 0)) turn(now);
    items_[count_++] = {now, cost};
    if (rule_.counting == Counting::failures && used() == rule_.limit) {
      if (level_until_ <= now) level_ = 0;
      std::int64_t delay = rule_.period_ns;
      for (int i = 0; i < level_; ++i) delay = std::min(2 * delay, std::max(hour, rule_.period_ns));
      shut_until_ = now + delay;
    }
    return count_ - 1;
  }
  void give_back(std::size_t item, std::int64_t now) {
    if (item < first_) return;  // of an earlier window
    items_[item].counts = false;
    items_[item].kept = std::min(now - items_[item].at, items_[item].cost * interval_);
  }
  void forget() {
    first_ = count_;
    level_ = 0;
  }
  [[nodiscard]] const Charge& rule() const { return rule_; }

 private:
  // What is owed by those that still count, had there never been others; and what may stay of the others.
  [[nodiscard]] Opinion of_rate(std::int64_t now, std::int64_t cost) const {
    std::int64_t arrival = 0;
    std::int64_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      kept += items_[i].kept;
      if (items_[i].counts) arrival = std::max(arrival, items_[i].at) + items_[i].cost * interval_;
    }
    const std::int64_t after = std::max<std::int64_t>(arrival - now, 0) + cost * interval_;
    const std::int64_t whole = rule_.limit * interval_;
    return {after > whole, after + kept <= whole};
  }
  [[nodiscard]] std::int64_t used() const {
    std::int64_t sum = 0;
    for (std::size_t i = first_; i < count_; ++i) sum += items_[i].counts ? items_[i].cost : 0;
    return sum;
  }
  [[nodiscard]] std::int64_t end() const {
    if (first_ == count_) return 0;
    const std::int64_t began = items_[first_].at;
    if (rule_.counting == Counting::fixed_window)
      return (began / step + (rule_.period_ns + step - 1) / step + 1) * step;
    return used() == rule_.limit ? shut_until_ : began + rule_.period_ns;
  }
  void turn(std::int64_t now) {
    if (rule_.counting == Counting::failures && now >= end() && used() == rule_.limit) {
      ++level_;
      level_until_ = end() + 24 * hour;
    }
    first_ = count_;
  }

  Charge rule_;
  std::int64_t interval_;
  std::array<Item, steps_of_schedule> items_{};
  std::size_t count_ = 0;
  std::size_t first_ = 0;  // of the window
  std::int64_t shut_until_ = 0;
  std::int64_t level_until_ = 0;
  int level_ = 0;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, std::initializer_list<Counting> countings) : random_(seed), countings_(countings) {}

  void run(int count) {
    for (int i = 0; i < count && !testing::Test::HasFailure(); ++i) {
      if (i % 1000 == 0) {
        limits_ = std::make_unique<LocalLimits>(LimitSizes{.slots = 256, .entries = 256});
        now_ = hour;
      }
      schedule();
    }
    EXPECT_GT(admitted_, count);
    EXPECT_GT(refused_, count);
  }

 private:
  struct Loop {
    bool busy = false;
    std::array<Charge, 2> charges;
    std::array<std::size_t, 2> items;
    std::size_t first = 0;  // of the accounts: the second charge is of the other one
    std::size_t count = 0;
    std::int64_t at = 0;
  };

  std::int64_t pick(std::int64_t least, std::int64_t most) {
    return least + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(most - least + 1));
  }
  Charge some_limit() {
    constexpr std::array<std::int64_t, 5> periods{second, 7 * second + 1, 60 * second, 900 * second, 2 * hour};
    return {random_(), countings_.begin()[pick(0, std::ssize(countings_) - 1)], static_cast<std::uint32_t>(pick(1, 5)),
            periods[static_cast<std::size_t>(pick(0, 4))]};
  }

  // At least a nanosecond passes, so that what comes later is known to be later; and often as much as matters to a limit.
  void let_time_pass(const Charge& rule) {
    const std::array<std::int64_t, 8> times{1,
                                            1,
                                            rule.period_ns / 16,
                                            rule.period_ns / rule.limit,
                                            wait_ > 1 ? wait_ - 1 : 1,
                                            std::max<std::int64_t>(wait_, 1),
                                            rule.period_ns,
                                            pick(0, 15) == 0 ? 25 * hour : 2};
    now_ += times[static_cast<std::size_t>(pick(0, 7))];
  }

  void schedule() {
    now_ += 26 * hour;
    std::array accounts{Account(some_limit()), Account(some_limit())};
    std::array<Loop, 4> loops{};
    wait_ = 0;
    for (std::size_t i = 0; i < steps_of_schedule; ++i) {
      let_time_pass(accounts[static_cast<std::size_t>(pick(0, 1))].rule());
      Loop& loop = loops[static_cast<std::size_t>(pick(0, 3))];
      if (loop.busy) {
        finish(loop, accounts);
      } else {
        begin(loop, accounts);
      }
    }
  }

  void begin(Loop& loop, std::array<Account, 2>& accounts) {
    loop.count = static_cast<std::size_t>(pick(1, 2));
    loop.first = static_cast<std::size_t>(pick(0, 1));
    loop.at = now_;
    bool must_admit = true;
    bool must_refuse = false;
    for (std::size_t i = 0; i < loop.count; ++i) {
      Account& account = accounts[(loop.first + i) % 2];
      loop.charges[i] = account.rule();
      loop.charges[i].cost = pick(0, 3) == 0 ? 2 : 1;
      const auto opinion = account.opinion(now_, loop.charges[i].cost);
      must_admit = must_admit && opinion.must_admit;
      must_refuse = must_refuse || opinion.must_refuse;
    }
    const Decision decision = limits_->charge(std::span(loop.charges).first(loop.count), now_);
    EXPECT_FALSE(decision.admitted && must_refuse) << "more than the limit";
    EXPECT_FALSE(!decision.admitted && must_admit) << "refused where there was room";
    loop.busy = decision.admitted;
    ++(decision.admitted ? admitted_ : refused_);
    for (std::size_t i = 0; i < loop.count; ++i) {
      if (!decision.quotas[i].admitted) {
        wait_ = decision.quotas[i].retry_after_ns;
        break;
      }
      Account& account = accounts[(loop.first + i) % 2];
      loop.items[i] = account.admit(now_, loop.charges[i].cost);
      if (!decision.admitted) account.give_back(loop.items[i], now_);
    }
  }

  // It failed and stays counted, or it was none, or it is a success that ends all failures.
  void finish(Loop& loop, std::array<Account, 2>& accounts) {
    loop.busy = false;
    const auto outcome = pick(0, 4);
    if (outcome < 2) return;
    for (std::size_t i = 0; i < loop.count; ++i) {
      Account& account = accounts[(loop.first + i) % 2];
      if (outcome == 4 && account.rule().counting == Counting::failures) {
        limits_->forget(loop.charges[i]);
        account.forget();
      } else {
        limits_->give_back({&loop.charges[i], 1}, loop.at, now_);
        account.give_back(loop.items[i], now_);
      }
    }
  }

  std::mt19937_64 random_;
  std::initializer_list<Counting> countings_;
  std::unique_ptr<LocalLimits> limits_;
  std::int64_t now_ = 0;
  std::int64_t wait_ = 0;  // that the last refusal named
  int admitted_ = 0;
  int refused_ = 0;
};

TEST(Accounting, OfSteadyRates) { Simulation(1, {Counting::gcra}).run(schedules); }
TEST(Accounting, OfWindows) { Simulation(2, {Counting::fixed_window}).run(schedules); }
TEST(Accounting, OfFailures) { Simulation(3, {Counting::failures}).run(schedules); }
TEST(Accounting, OfAllTogether) {
  Simulation(4, {Counting::gcra, Counting::fixed_window, Counting::failures}).run(schedules);
}

}  // namespace
}  // namespace sallyport::limits
