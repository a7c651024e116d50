// The caps on connections: in all, per client, and who is exempt.
#include "limits/connection_counter.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sallyport::limits {
namespace {

using Outcome = ConnectionCounter::Outcome;
using Seat = ConnectionCounter::Seat;

const base::IpAddress one = base::IpAddress::v4(192, 0, 2, 1);
const base::IpAddress other = base::IpAddress::v4(192, 0, 2, 2);

TEST(ConnectionCounter, OneClientCannotTakeEverything) {
  ConnectionCounter counter(3, 2);
  Seat seats[4];
  EXPECT_EQ(counter.admit(one, false, seats[0]), Outcome::admitted);
  EXPECT_EQ(counter.admit(one, false, seats[1]), Outcome::admitted);
  EXPECT_EQ(counter.admit(one, false, seats[2]), Outcome::too_many_of_client);
  EXPECT_EQ(counter.admit(other, false, seats[2]), Outcome::admitted);
  EXPECT_EQ(counter.admit(other, false, seats[3]), Outcome::too_many);
  seats[0] = Seat();
  EXPECT_EQ(counter.admit(one, false, seats[3]), Outcome::admitted) << "a seat that goes is free again";
}

TEST(ConnectionCounter, WhoSpeaksForManyCountsInTheTotalOnly) {
  ConnectionCounter counter(3, 1);
  Seat seats[4];
  for (int i = 0; i < 3; ++i) EXPECT_EQ(counter.admit(one, true, seats[i]), Outcome::admitted);
  EXPECT_EQ(counter.admit(one, true, seats[3]), Outcome::too_many);
  seats[0] = Seat();
  EXPECT_EQ(counter.admit(one, false, seats[0]), Outcome::admitted) << "and not against itself as a client";
}

TEST(ConnectionCounter, ASeatThatMovesCountsOnce) {
  ConnectionCounter counter(1, 1);
  Seat seat;
  ASSERT_EQ(counter.admit(one, false, seat), Outcome::admitted);
  {
    const Seat moved = std::move(seat);
    Seat refused;
    EXPECT_EQ(counter.admit(one, false, refused), Outcome::too_many);
  }
  EXPECT_EQ(counter.admit(one, false, seat), Outcome::admitted);
}

TEST(ConnectionCounter, AnIpv6NetworkIsOneClient) {
  ConnectionCounter counter(9, 1);
  Seat seats[3];
  EXPECT_EQ(counter.admit(*base::IpAddress::parse("2001:db8:1:2::1"), false, seats[0]), Outcome::admitted);
  EXPECT_EQ(counter.admit(*base::IpAddress::parse("2001:db8:1:3::9"), false, seats[1]), Outcome::too_many_of_client);
  EXPECT_EQ(counter.admit(*base::IpAddress::parse("2001:db8:2::1"), false, seats[2]), Outcome::admitted);
}

TEST(ConnectionCounter, ManyThreads) {
  ConnectionCounter counter(64, 64);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 2000; ++round) {
        Seat seat;
        EXPECT_EQ(counter.admit(one, false, seat), Outcome::admitted);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<Seat> all(64);
  for (Seat& seat : all) EXPECT_EQ(counter.admit(one, false, seat), Outcome::admitted) << "every seat is free again";
}

}  // namespace
}  // namespace sallyport::limits
