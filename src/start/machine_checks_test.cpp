// Broken machines, made up one at a time.
#include "start/machine_checks.hpp"

#include <gtest/gtest.h>

namespace sallyport::start {
namespace {

using namespace std::chrono_literals;

template <class Check>
std::string codes(Check check) {
  ops::Findings findings;
  check(findings);
  std::string out;
  for (const ops::Finding& finding : findings.list())
    out.append(out.empty() ? "" : " ").append(finding.code).append(finding.waivable ? " waivable" : "");
  return out;
}

TEST(Machine, ThisOneIsFit) {
  EXPECT_EQ(codes([](ops::Findings& f) { check_machine(base::SystemClock{}.wall(), f); }), "");
  EXPECT_EQ(codes([](ops::Findings& f) { check_argon2(crypto::argon2id, f); }), "");
}

TEST(Machine, RandomNumbers) {
  const auto of = [](RandomDraws draws) { return codes([&](ops::Findings& f) { check_random(draws, f); }); };
  auto good = draw_twice();
  ASSERT_TRUE(good);
  EXPECT_EQ(of(good), "");
  EXPECT_EQ(of(std::nullopt), "CFG-070");
  auto repeated = good;
  (*repeated)[1] = (*repeated)[0];
  EXPECT_EQ(of(repeated), "CFG-070");
  auto constant = good;
  (*constant)[1].fill(7);
  EXPECT_EQ(of(constant), "CFG-070");
}

TEST(Machine, ClockBeforeTheRelease) {
  EXPECT_EQ(codes([](ops::Findings& f) { check_wall_clock(released, f); }), "");
  EXPECT_EQ(codes([](ops::Findings& f) { check_wall_clock(released - 1s, f); }), "CFG-070");
  EXPECT_EQ(codes([](ops::Findings& f) { check_wall_clock(base::Clock::WallTime{}, f); }), "CFG-070");
}

TEST(Machine, CryptoLibrary) {
  const auto of = [](unsigned long running, unsigned long built) {
    return codes([&](ops::Findings& f) { check_crypto_library(running, built, f); });
  };
  EXPECT_EQ(of(0x300000f0, 0x300000b0), "");  // 3.0.15 and 3.0.11
  EXPECT_EQ(of(0x30500000, 0x30000000), "CFG-071 waivable");
  EXPECT_EQ(of(0x40000000, 0x30000000), "CFG-071 waivable");
  EXPECT_EQ(of(0x1010117fUL, 0x1010117fUL), "CFG-071");
}

TEST(Machine, TimeOfAHash) {
  const auto of = [](std::optional<std::chrono::nanoseconds> time) {
    return codes([&](ops::Findings& f) { check_hash_time(time, f); });
  };
  EXPECT_EQ(of(2s), "");
  EXPECT_EQ(of(1ms), "");
  EXPECT_EQ(of(2s + 1ns), "CFG-041 waivable");
  EXPECT_EQ(of(std::nullopt), "CFG-041");
  const auto time = time_of_hash(crypto::argon2id, ops::PasswordSettings{.memory_kib = 19456, .iterations = 2});
  ASSERT_TRUE(time);
  EXPECT_GT(*time, 0ns);
}

}  // namespace
}  // namespace sallyport::start
