// The caps on connections: in all, per client, and who is exempt.
#include "limits/connection_counter.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sallyport::limits {
namespace {

using Outcome = ConnectionCounter::Outcome;
using Permit = ConnectionCounter::Permit;

const base::IpAddress one = base::IpAddress::v4(192, 0, 2, 1);
const base::IpAddress other = base::IpAddress::v4(192, 0, 2, 2);

TEST(ConnectionCounter, OneClientCannotTakeEverything) {
  ConnectionCounter counter(3, 2);
  Permit permits[4];
  EXPECT_EQ(counter.admit(one, false, permits[0]), Outcome::admitted);
  EXPECT_EQ(counter.admit(one, false, permits[1]), Outcome::admitted);
  EXPECT_EQ(counter.admit(one, false, permits[2]), Outcome::too_many_of_client);
  EXPECT_EQ(counter.admit(other, false, permits[2]), Outcome::admitted);
  EXPECT_EQ(counter.admit(other, false, permits[3]), Outcome::too_many);
  permits[0] = Permit();
  EXPECT_EQ(counter.admit(one, false, permits[3]), Outcome::admitted) << "a permit that goes is free again";
}

TEST(ConnectionCounter, WhoSpeaksForManyCountsInTheTotalOnly) {
  ConnectionCounter counter(3, 1);
  Permit permits[4];
  for (int i = 0; i < 3; ++i) EXPECT_EQ(counter.admit(one, true, permits[i]), Outcome::admitted);
  EXPECT_EQ(counter.admit(one, true, permits[3]), Outcome::too_many);
  permits[0] = Permit();
  EXPECT_EQ(counter.admit(one, false, permits[0]), Outcome::admitted) << "and not against itself as a client";
}

TEST(ConnectionCounter, ASeatThatMovesCountsOnce) {
  ConnectionCounter counter(1, 1);
  Permit permit;
  ASSERT_EQ(counter.admit(one, false, permit), Outcome::admitted);
  {
    const Permit moved = std::move(permit);
    Permit refused;
    EXPECT_EQ(counter.admit(one, false, refused), Outcome::too_many);
  }
  EXPECT_EQ(counter.admit(one, false, permit), Outcome::admitted);
}

TEST(ConnectionCounter, AnIpv6NetworkIsOneClient) {
  ConnectionCounter counter(9, 1);
  Permit permits[3];
  EXPECT_EQ(counter.admit(*base::IpAddress::parse("2001:db8:1:2::1"), false, permits[0]), Outcome::admitted);
  EXPECT_EQ(counter.admit(*base::IpAddress::parse("2001:db8:1:3::9"), false, permits[1]), Outcome::too_many_of_client);
  EXPECT_EQ(counter.admit(*base::IpAddress::parse("2001:db8:2::1"), false, permits[2]), Outcome::admitted);
}

TEST(ConnectionCounter, ManyThreads) {
  ConnectionCounter counter(64, 64);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        Permit permit;
        EXPECT_EQ(counter.admit(one, false, permit), Outcome::admitted);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<Permit> all(64);
  for (Permit& permit : all)
    EXPECT_EQ(counter.admit(one, false, permit), Outcome::admitted) << "every permit is free again";
}

}  // namespace
}  // namespace sallyport::limits
