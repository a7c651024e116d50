// Attempts at passwords: what is counted, what is refused, and what is given back.
#include "gate/attempts.hpp"

#include "support/gate_request.hpp"
#include "support/run_task.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::gate {
namespace {

using namespace std::chrono_literals;
using State = Attempt::State;

class Attempts : public ::testing::Test {
 protected:
  // Whether somebody may look at the password; `attempt_` is then at hand.
  bool admits(std::string_view account, std::optional<std::string> device = std::nullopt) {
    request_.get("/login").client = client_;
    attempt_ = Attempt{};
    return test::run_blocking(count_attempt(request_.exchange, attempt_, limit_, account, std::move(device)));
  }
  // That many attempts, all of them wrong.
  void guess(int times, std::string_view account) {
    for (int i = 0; i < times; ++i) EXPECT_TRUE(admits(account)) << i;
  }
  void succeed(std::string_view account) {
    EXPECT_TRUE(admits(account));
    attempt_.state = State::succeeded;
    finish_attempt(request_.exchange, attempt_);
  }
  [[nodiscard]] const Answer& answer() const { return request_.exchange.answer; }

  AttemptLimit limit_{.max = 3, .max_per_source = 10, .per = 15min};
  base::IpAddress client_ = base::IpAddress::v4(192, 0, 2, 1);
  testing::GateRequest request_;
  Attempt attempt_;
};

TEST_F(Attempts, OfAnAccountEndWhenItsFailuresAreUsedUp) {
  guess(3, "ada");
  EXPECT_EQ(attempt_.state, State::counted);
  EXPECT_FALSE(admits("ada"));
  EXPECT_EQ(attempt_.state, State::none);
  EXPECT_EQ(answer().status, 429);
  EXPECT_GE(answer().retry_after, 1U);
  EXPECT_LE(answer().retry_after, 900U);
  EXPECT_NE(request_.logged().find("\"authn_login_lock\""), std::string::npos);
  EXPECT_TRUE(admits("grace"));
  client_ = base::IpAddress::v4(198, 51, 100, 7);
  EXPECT_FALSE(admits("ada")) << "from wherever";
}

TEST_F(Attempts, ComeBackWithTime) {
  guess(3, "ada");
  EXPECT_FALSE(admits("ada"));
  request_.clock.advance(15min + 1s);
  EXPECT_TRUE(admits("ada"));
}

TEST_F(Attempts, OfASourceEndWhateverAccountsItNames) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(admits("account " + std::to_string(i)));
  EXPECT_FALSE(admits("one more"));
  EXPECT_EQ(answer().status, 429);
  EXPECT_NE(request_.logged().find("\"authn_login_fail_max\""), std::string::npos);
  client_ = base::IpAddress::v4(198, 51, 100, 7);
  EXPECT_TRUE(admits("one more"));
}

TEST_F(Attempts, ASuccessForgetsTheFailuresAndCostsItsSourceNothing) {
  for (int i = 0; i < 20; ++i) {
    guess(2, "ada");
    client_ = base::IpAddress::v4(198, 51, 100, static_cast<std::uint8_t>(i));
    succeed("ada");
  }
  client_ = base::IpAddress::v4(203, 0, 113, 1);
  for (int i = 0; i < 50; ++i) succeed("grace");
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(admits("account " + std::to_string(i)));
  EXPECT_FALSE(admits("one more"));
}

TEST_F(Attempts, AFailureIsNotGivenBackAtTheEnd) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(admits("ada"));
    attempt_.state = State::failed;
    finish_attempt(request_.exchange, attempt_);
  }
  EXPECT_FALSE(admits("ada"));
}

TEST_F(Attempts, WhatNobodyLookedAtIsGivenBack) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(admits("ada")) << i;
    give_attempt_back(request_.exchange, attempt_);
    EXPECT_EQ(attempt_.state, State::none);
  }
}

TEST_F(Attempts, NoneIsGivenBackTwice) {
  guess(1, "ada");
  EXPECT_TRUE(admits("ada"));
  give_attempt_back(request_.exchange, attempt_);
  give_attempt_back(request_.exchange, attempt_);
  guess(2, "ada");
  EXPECT_FALSE(admits("ada"));
  succeed("grace");
  give_attempt_back(request_.exchange, attempt_);  // what has been looked at
  guess(3, "grace");
  EXPECT_FALSE(admits("grace"));
}

TEST_F(Attempts, TheWaitIsTheLongestAndRoundedUp) {
  limit_.max_per_source = 4;
  guess(3, "ada");
  request_.clock.advance(10min);
  EXPECT_TRUE(admits("grace"));
  EXPECT_FALSE(admits("ada"));
  EXPECT_GE(answer().retry_after, 300U);
  EXPECT_LE(answer().retry_after, 301U) << "failures are counted by whole seconds";
  request_.clock.advance(5min - 500ms);
  EXPECT_FALSE(admits("grace"));
  EXPECT_EQ(answer().retry_after, 1U);
}

// A store on other machines that can't be reached.
class LostStore final : public limits::RemoteLimits {
 public:
  [[nodiscard]] std::string connect() override { return {}; }
  void attach(net::EventLoop&) override {}
  void detach(const net::EventLoop&) noexcept override {}
  [[nodiscard]] Task<limits::Decision> charge(const net::Loop&, std::span<const limits::Charge>,
                                              std::int64_t*) override {
    limits::Decision decision;
    decision.store_failed = true;
    co_return decision;
  }
  void give_back(const net::Loop&, std::span<const limits::Charge>, std::int64_t) override {}
  void forget(const net::Loop&, const limits::Charge&) override {}
};

TEST_F(Attempts, AreRefusedWhileNobodyCanCount) {
  request_.site.rules.stores.redis = std::make_unique<LostStore>();
  EXPECT_FALSE(admits("ada"));
  EXPECT_EQ(attempt_.state, State::none);
  EXPECT_EQ(answer().status, 503);
  EXPECT_EQ(answer().retry_after, 1U);
  EXPECT_NE(request_.logged().find("\"sys_limit_store\""), std::string::npos);
}

TEST_F(Attempts, StrangersDoNotShutOutABrowserThatIsKnown) {
  guess(3, "ada");
  EXPECT_FALSE(admits("ada"));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(admits("ada", "a device of hers")) << i;
  EXPECT_FALSE(admits("ada", "a device of hers")) << "it has as many guesses, and no more";
  EXPECT_TRUE(admits("ada", "another device of hers"));
}

TEST_F(Attempts, GroupsAreCountedApart) {
  guess(3, "ada");
  limit_.group = 1;
  EXPECT_TRUE(admits("ada"));
  limit_.group = 0;
  EXPECT_FALSE(admits("ada"));
}

// A device's name must not be mistaken for an account's, nor a number in it for a group's.
TEST_F(Attempts, KeysOfOneKindAreNoneOfAnother) {
  guess(3, "ada");
  EXPECT_TRUE(admits("", "ada"));
  limit_.group = 10;
  guess(3, "x");
  limit_.group = 1;
  EXPECT_TRUE(admits("0ax"));
}

}  // namespace
}  // namespace sallyport::gate
