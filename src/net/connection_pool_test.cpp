// Connections that are kept: used again only when clean, watched, bounded, and waited for in order.
#include "net/connection_pool.hpp"

#include "support/loop_runner.hpp"
#include "support/peer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sallyport::net {
namespace {

using namespace std::chrono_literals;
using sallyport::testing::LoopRunner;
using sallyport::testing::Peer;
using sallyport::testing::PeerConnection;
using Leased = ConnectionPool::Leased;

// A listener that accepts in the kernel only, so that any number of connections are open at once.
class ConnectionPoolTest : public ::testing::Test {
 protected:
  Target target(const Peer& peer) { return {"127.0.0.1", peer.port(), nullptr, {}}; }
  Deadline in(std::chrono::nanoseconds time) { return clock_.now() + time; }
  Leased take(ConnectionPool& pool, const Peer& peer, std::chrono::nanoseconds most_idle = ConnectionPool::any_age) {
    return runner_.run(pool.take(target(peer), in(5s), most_idle));
  }
  // Someone who waits for a connection to `peer`.
  struct Taker {
    std::optional<Leased> got;
    Background task;
  };
  void begin(Taker& taker, ConnectionPool& pool, const Peer& peer) {
    const auto take = [](ConnectionPool& from, Target to, Deadline until, std::optional<Leased>& into) -> Task<void> {
      into.emplace(co_await from.take(std::move(to), until));
    };
    taker.task = Background(runner_.loop(), take(pool, target(peer), in(5s), taker.got));
  }
  void turns() {
    for (int i = 0; i < 20; ++i) runner_.turn();
  }

  base::ManualClock clock_;
  Resolver resolver_;
  LoopRunner runner_{clock_};
};

TEST_F(ConnectionPoolTest, UsesAgainWhatWasGivenBack) {
  const Peer peer;
  ConnectionPool pool(runner_.loop(), resolver_);
  Leased first = take(pool, peer);
  ASSERT_FALSE(first.failure) << first.failure.text;
  EXPECT_FALSE(first.lease.reused());
  first.lease.give_back(10s);
  EXPECT_FALSE(first.lease);
  EXPECT_EQ(pool.kept(), 1U);
  Leased second = take(pool, peer);
  EXPECT_TRUE(second.lease.reused());
  EXPECT_EQ(pool.connections(), 1U);
  second.lease = {};  // not given back
  EXPECT_EQ(pool.connections(), 0U);
  EXPECT_FALSE(take(pool, peer).lease.reused());
}

TEST_F(ConnectionPoolTest, OtherTargetsHaveOthers) {
  const Peer one;
  const Peer two;
  ConnectionPool pool(runner_.loop(), resolver_);
  take(pool, one).lease.give_back(10s);
  EXPECT_FALSE(take(pool, two).lease.reused());
  EXPECT_TRUE(take(pool, one).lease.reused());
}

TEST_F(ConnectionPoolTest, WhatIsNotCleanIsNotKept) {
  const Peer peer;
  ConnectionPool pool(runner_.loop(), resolver_);
  Leased broken = take(pool, peer);
  broken.lease.stream().give_up(timed_out);
  broken.lease.give_back(10s);
  EXPECT_EQ(pool.connections(), 0U);

  Peer talks([](PeerConnection& connection) {
    connection.say("too much");
    connection.wait_for_end();
  });
  Leased unread = take(pool, talks);
  ASSERT_TRUE(runner_.until([&] { return !unread.lease.stream().quiet(); }));
  unread.lease.give_back(10s);
  EXPECT_EQ(pool.connections(), 0U);
}

TEST_F(ConnectionPoolTest, AnEndOrAWordWhileNobodyAsksClosesIt) {
  for (const bool says : {false, true}) {
    std::promise<void> go;
    Peer peer([&](PeerConnection& connection) {
      go.get_future().wait();
      if (!says) return;
      connection.say("408 Request Timeout");
      connection.wait_for_end();
    });
    ConnectionPool pool(runner_.loop(), resolver_);
    take(pool, peer).lease.give_back(10s);
    turns();
    EXPECT_EQ(pool.kept(), 1U);
    go.set_value();
    EXPECT_TRUE(runner_.until([&] { return pool.kept() == 0; }));
    EXPECT_EQ(pool.connections(), 0U);
  }
}

// The loop has not seen it yet when somebody asks for a connection.
TEST_F(ConnectionPoolTest, AnEndThatComesWithTheNextRequest) {
  std::atomic<bool> closed{false};
  std::atomic<int> connections{0};
  std::atomic<bool> go{false};
  Peer peer([&](PeerConnection& connection) {
    if (connections++ > 0) return connection.wait_for_end();
    while (!go) std::this_thread::yield();
    ::shutdown(connection.socket(), SHUT_RDWR);
    closed = true;
  });
  ConnectionPool pool(runner_.loop(), resolver_);
  Leased leased = take(pool, peer);
  leased.lease.give_back(10s);
  go = true;
  while (!closed) std::this_thread::yield();
  leased = take(pool, peer);
  EXPECT_TRUE(leased.lease);
  EXPECT_FALSE(leased.lease.reused());
  EXPECT_EQ(pool.connections(), 1U);
}

TEST_F(ConnectionPoolTest, KeptForAsLongAsWasSaid) {
  const Peer peer;
  ConnectionPool pool(runner_.loop(), resolver_);
  take(pool, peer).lease.give_back(4s);
  clock_.advance(3900ms);
  turns();
  EXPECT_EQ(pool.kept(), 1U);
  clock_.advance(400ms);
  turns();
  EXPECT_EQ(pool.kept(), 0U);

  take(pool, peer).lease.give_back(60s);
  clock_.advance(2s);
  const Leased young = take(pool, peer, 1s);  // a request that may not be repeated
  EXPECT_FALSE(young.lease.reused());
  EXPECT_EQ(pool.kept(), 1U);
}

TEST_F(ConnectionPoolTest, KeepsSoManyAndNoMore) {
  const Peer peer;
  ConnectionPool pool(runner_.loop(), resolver_, {.kept = 2});
  std::vector<Leased> leased;
  for (int i = 0; i < 4; ++i) leased.push_back(take(pool, peer));
  for (Leased& each : leased) each.lease.give_back(10s);
  EXPECT_EQ(pool.kept(), 2U);
  EXPECT_EQ(pool.connections(), 2U);
}

TEST_F(ConnectionPoolTest, WhoWaitsIsServedInOrder) {
  const Peer peer;
  ConnectionPool pool(runner_.loop(), resolver_, {.per_target = 2, .waiting = 3});
  std::vector<Leased> leased;
  leased.push_back(take(pool, peer));
  leased.push_back(take(pool, peer));
  std::array<Taker, 4> takers;
  for (Taker& taker : takers) begin(taker, pool, peer);
  turns();
  ASSERT_TRUE(takers[3].got);
  EXPECT_EQ(takers[3].got->failure.error, NetError::too_many);

  leased[0].lease.give_back(10s);
  turns();
  ASSERT_TRUE(takers[0].got);
  EXPECT_TRUE(takers[0].got->lease.reused());
  leased[1].lease = {};  // its place, for a new connection
  turns();
  ASSERT_TRUE(takers[1].got);
  EXPECT_TRUE(takers[1].got->lease);
  EXPECT_FALSE(takers[1].got->lease.reused());
  EXPECT_FALSE(takers[2].got);
  EXPECT_EQ(pool.connections(), 2U);
  clock_.advance(6s);
  turns();
  ASSERT_TRUE(takers[2].got);
  EXPECT_EQ(takers[2].got->failure.error, NetError::timed_out);
}

TEST_F(ConnectionPoolTest, WhoWaitsAndGoesLetsTheNextGo) {
  const Peer peer;
  ConnectionPool pool(runner_.loop(), resolver_, {.per_target = 1});
  Leased leased = take(pool, peer);
  std::array<Taker, 3> takers;
  for (Taker& taker : takers) begin(taker, pool, peer);
  turns();
  takers[0].task = {};
  leased.lease.give_back(10s);  // to the second, who goes before it has gone on
  takers[1].task = {};
  turns();
  ASSERT_TRUE(takers[2].got);
  EXPECT_TRUE(takers[2].got->lease);
  EXPECT_EQ(pool.connections(), 1U);
}

TEST_F(ConnectionPoolTest, AFailureToConnectLetsTheNextTry) {
  std::uint16_t port = 0;
  {
    const Peer gone;
    port = gone.port();
  }
  ConnectionPool pool(runner_.loop(), resolver_, {.per_target = 1});
  std::array<std::optional<Leased>, 3> got;
  std::vector<Background> tasks;
  const auto take = [&](std::optional<Leased>& into) -> Task<void> {
    into.emplace(co_await pool.take({"127.0.0.1", port, nullptr, {}}, in(5s)));
  };
  for (auto& into : got) tasks.push_back(Background(runner_.loop(), take(into)));
  turns();
  for (const auto& each : got) {
    ASSERT_TRUE(each);
    EXPECT_EQ(each->failure.error, NetError::unreachable);
  }
  EXPECT_EQ(pool.connections(), 0U);
}

TEST_F(ConnectionPoolTest, TheLongestKeptMakesRoomForAnotherTarget) {
  const Peer one;
  const Peer two;
  const Peer three;
  ConnectionPool pool(runner_.loop(), resolver_, {.in_all = 2});
  take(pool, one).lease.give_back(60s);
  clock_.advance(1s);
  take(pool, two).lease.give_back(60s);
  const Leased third = take(pool, three);
  EXPECT_TRUE(third.lease);
  EXPECT_EQ(pool.connections(), 2U);
  const Leased second = take(pool, two);
  EXPECT_TRUE(second.lease.reused());
  EXPECT_EQ(take(pool, one).failure.error, NetError::too_many);
}

TEST_F(ConnectionPoolTest, EndsBeforeItsConnections) {
  const Peer peer;
  std::optional<ConnectionPool> pool;
  pool.emplace(runner_.loop(), resolver_, PoolLimits{.per_target = 1});
  Leased leased = take(*pool, peer);
  Taker taker;
  begin(taker, *pool, peer);
  turns();
  pool.reset();
  turns();
  ASSERT_TRUE(taker.got);
  EXPECT_EQ(taker.got->failure.error, NetError::lost);
  EXPECT_TRUE(leased.lease.stream().quiet());
  leased.lease.give_back(10s);
}

// Who stops waiting goes on a turn later. The last connection may end before that, and what the pool knows of the target with it.
TEST_F(ConnectionPoolTest, TheLastConnectionEndsBeforeWhoStoppedWaitingGoesOn) {
  const Peer peer;
  for (const bool pool_ends : {false, true}) {
    std::optional<ConnectionPool> pool;
    pool.emplace(runner_.loop(), resolver_, PoolLimits{.per_target = 1});
    Leased leased = take(*pool, peer);
    std::array<Taker, 2> takers;
    for (Taker& taker : takers) begin(taker, *pool, peer);
    turns();
    if (pool_ends) {
      pool.reset();
    } else {
      clock_.advance(6s);
      runner_.loop().tick();  // a tick in which the upstream's user gives up as well
    }
    leased = {};
    turns();
    for (const Taker& taker : takers) {
      ASSERT_TRUE(taker.got);
      EXPECT_EQ(taker.got->failure.error, pool_ends ? NetError::lost : NetError::timed_out);
    }
    if (!pool) continue;
    EXPECT_EQ(pool->connections(), 0U);
    EXPECT_TRUE(take(*pool, peer).lease);
  }
}

TEST_F(ConnectionPoolTest, NoRoomForOneIsRoomForOne) {
  const Peer peer;
  ConnectionPool pool(runner_.loop(), resolver_, {.per_target = 0});
  EXPECT_TRUE(take(pool, peer).lease);
}

}  // namespace
}  // namespace sallyport::net
